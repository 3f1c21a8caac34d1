package io.troupe.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.node.ConfigurationException;
import io.troupe.node.NodeSettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every block of configuration in docs is one that a node starts with; those for Akka applications are AkkaPageTest's. */
class DocumentedConfigurationTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern BLOCK = Pattern.compile("```hocon\n(.*?)```", Pattern.DOTALL);

    /** What stands for the end of a hash that a document leaves out. */
    private static final String HASH = "A".repeat(22) + "==$" + "A".repeat(36);

    private static String refusal(Path document, String block) {
        Config written = ConfigFactory.parseString(block.replace("\u2026", HASH));
        Config host = ConfigFactory.parseString("troupe.host = 127.0.0.1");
        String self = written.withFallback(host).getString("troupe.host");
        Config seeds = ConfigFactory.parseString("akka.cluster.seed-nodes = [\"akka://troupe@" + self + ":25520\"]");
        try {
            NodeSettingsReader.read(written.withFallback(host).withFallback(seeds));
            return "";
        } catch (ConfigurationException e) {
            return document + ": " + block + e.getMessage();
        }
    }

    @Test
    void aNodeUnderstandsEveryBlock() throws IOException {
        List<String> refusals = new ArrayList<>();
        int blocks = 0;
        try (Stream<Path> files = Files.list(DOCS)) {
            for (Path document : files.filter(file -> file.toString().endsWith(".md") && !file.endsWith("akka.md"))
                    .toList()) {
                Matcher found = BLOCK.matcher(Files.readString(document));
                while (found.find()) {
                    blocks++;
                    refusals.add(refusal(document, found.group(1)));
                }
            }
        }
        assertThat(blocks).isGreaterThan(5);
        assertThat(refusals).allMatch(String::isEmpty);
    }
}
