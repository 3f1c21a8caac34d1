package io.troupe.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.troupe.node.ConfigurationException;
import java.io.File;

/**
 * The one file that an operator edits, under the system properties, which win: Troupe's own format, or ZooKeeper's where its
 * name ends in {@code .cfg}.
 */
public final class OperatorFile {
    private OperatorFile() {}

    /**
     * Reads a file; nothing in it is resolved or checked yet.
     *
     * @throws ConfigurationException when it cannot be read or is no configuration, naming file and line
     */
    public static Config load(File file) {
        if (!file.isFile()) {
            throw new ConfigurationException(file + " is no file; name the configuration file to start the node from");
        }
        try {
            Config written = ZooKeeperConfiguration.isOne(file)
                    ? ZooKeeperConfiguration.read(file)
                    : ConfigFactory.parseFile(
                            file, ConfigParseOptions.defaults().setAllowMissing(false));
            return onlyOurs(ConfigFactory.systemProperties()).withFallback(written);
        } catch (ConfigException e) {
            throw new ConfigurationException(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ", in " + file);
        }
    }

    private static Config onlyOurs(Config properties) {
        return properties.withOnlyPath("troupe").withFallback(properties.withOnlyPath("akka"));
    }
}
