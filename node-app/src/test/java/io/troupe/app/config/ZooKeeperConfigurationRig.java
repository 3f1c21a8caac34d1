package io.troupe.app.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.troupe.node.ConfigurationException;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.ProcessSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Reads what an operator wrote for ZooKeeper. */
abstract class ZooKeeperConfigurationRig {
    static final String THREE = """
            server.1=a.example:2888:3888
            server.2=b.example:2888:3888:participant;2182
            server.3=c.example:2889:3889;[::1]:2183
            """;

    @TempDir
    Path directory;

    @AfterEach
    void forgetProperties() {
        List.of(
                        "zookeeper.snapCount",
                        "zookeeper.leaderServes",
                        "zookeeper.tickTime",
                        "tickTime",
                        "jute.maxbuffer",
                        "troupe.host",
                        "zookeeper.superUser")
                .forEach(System::clearProperty);
    }

    ProcessSettings read(String text) throws IOException {
        Path file = directory.resolve("zoo.cfg");
        Files.writeString(file, "dataDir=" + directory.resolve("data") + "\n" + text);
        return NodeSettingsReader.read(OperatorFile.load(file.toFile()));
    }

    void myId(String written) throws IOException {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data").resolve("myid"), written);
    }

    void assertRefused(String text, String... inMessage) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(inMessage);
    }

    static List<String> warnings(ThrowingRunnable action) throws IOException {
        Logger logger = (Logger) LoggerFactory.getLogger("io.troupe.app.config");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(appender);
        try {
            action.run();
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(null);
        }
        return appender.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    interface ThrowingRunnable {
        void run() throws IOException;
    }
}
