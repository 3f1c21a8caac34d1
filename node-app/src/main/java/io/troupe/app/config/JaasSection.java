package io.troupe.app.config;

import io.troupe.node.AuthSettings;
import io.troupe.node.ConfigurationException;
import java.util.List;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's section of the JVM's JAAS configuration, which says how clients log in by SASL (contract 4.4). */
public final class JaasSection {
    private static final Logger LOG = LoggerFactory.getLogger(JaasSection.class);
    private static final String FILE = "java.security.auth.login.config";
    private static final String SASL = "sasl";

    private JaasSection() {}

    /**
     * Reads the section that the settings name.
     *
     * @return its entries; empty where there is none and none is asked for
     * @throws ConfigurationException when the file cannot be read, or lacks a section that the settings need
     */
    public static List<AppConfigurationEntry> read(AuthSettings settings) {
        String name = settings.sasl().section();
        String file = System.getProperty(FILE);
        AppConfigurationEntry @Nullable [] section = null;
        try {
            section = Configuration.getConfiguration().getAppConfigurationEntry(name);
        } catch (SecurityException unreadable) {
            if (file != null) {
                throw new ConfigurationException("-D" + FILE + "=" + file + " cannot be read as a JAAS configuration ("
                        + unreadable.getMessage() + "); correct the path or the file");
            }
        }
        if (section != null && section.length > 0) {
            return List.of(section);
        }
        if (settings.requiredSchemes().contains(SASL)
                || !name.equals(AuthSettings.Sasl.USUAL_SECTION)
                || !settings.sasl().superUsers().isEmpty()) {
            throw new ConfigurationException("there is no section " + name + " in the JAAS configuration "
                    + (file == null ? "" : file + " ") + "for logins by SASL; name the file by -D" + FILE
                    + "=FILE and let it hold the section");
        }
        if (file != null) {
            LOG.warn("{} has no section {}: clients cannot log in by SASL", file, name);
        }
        return List.of();
    }
}
