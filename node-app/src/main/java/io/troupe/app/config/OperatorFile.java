package io.troupe.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import io.troupe.node.ConfigurationException;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one file that an operator edits, under the system properties, which win: Troupe's own format, or ZooKeeper's where its
 * name ends in {@code .cfg}. What ZooKeeper reads from system properties, {@code zookeeper.x}, counts with either, and may
 * stand in a file of our own format too.
 */
public final class OperatorFile {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorFile.class);
    private static final String ZOOKEEPER = "zookeeper";

    private OperatorFile() {}

    /**
     * Reads a file; nothing in it is resolved or checked yet, but for what is ZooKeeper's.
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
                    : own(ConfigFactory.parseFile(
                            file, ConfigParseOptions.defaults().setAllowMissing(false)));
            return onlyOurs(ConfigFactory.systemProperties()).withFallback(written);
        } catch (ConfigException e) {
            throw new ConfigurationException(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ", in " + file);
        }
    }

    private static Config own(Config file) {
        Written written = new Written(zooKeepers(file), System.getProperties(), false);
        Translation translation = new Translation(written);
        translation.counterparts(false);
        Config translated = translation.finish();
        List<String> rest = written.rest();
        if (!rest.isEmpty()) {
            LOG.warn("nothing here corresponds to {}; ignored", String.join(", ", rest));
        }
        return translated.withFallback(file.withoutPath(ZOOKEEPER));
    }

    private static Map<String, Entry> zooKeepers(Config file) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        file.withOnlyPath(ZOOKEEPER).resolve().entrySet().forEach(entry -> {
            String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
            entries.put(
                    key,
                    new Entry(
                            key,
                            String.valueOf(entry.getValue().unwrapped()).strip(),
                            entry.getValue().origin().description()));
        });
        return entries;
    }

    private static Config onlyOurs(Config properties) {
        return properties.withOnlyPath("troupe").withFallback(properties.withOnlyPath("akka"));
    }
}
