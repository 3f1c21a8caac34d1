package io.troupe.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.contract.Covers;
import io.troupe.node.ConfigurationException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertiesFileTest {
    private static final String[] PIECES = {
        "a", "b", "=", ":", " ", "\t", "\f", "\\", "\\\\", "\n", "\r", "\r\n", "#", "!", "\\u0041", "\\n", "\\\n",
        "x=1\n"
    };

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    @Covers("6.1.1")
    void aFileReadsAsJavaReadsIt(int seed) throws IOException {
        Random random = new Random(seed);
        int compared = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int pieces = random.nextInt(16); pieces > 0; pieces--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            Properties expected = new Properties();
            expected.load(new StringReader(text.toString()));
            Map<String, String> stripped = new HashMap<>();
            expected.forEach((key, value) ->
                    stripped.put(key.toString().strip(), value.toString().strip()));
            if (stripped.size() == expected.size() && !stripped.containsKey("")) {
                Map<String, String> read = new HashMap<>();
                PropertiesFile.parse(text.toString(), "test").forEach((key, entry) -> read.put(key, entry.value()));
                assertThat(read).as("%s", text).isEqualTo(stripped);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(10_000);
    }

    @Test
    void everyEntryKnowsTheLineItBeginsOn() {
        Map<String, Entry> read = PropertiesFile.parse("# one\r\na=1\n\nb : 2,\\\n   3\n! six\nc\t4\n", "f");

        assertThat(read.values())
                .containsExactly(
                        new Entry("a", "1", "f: 2"), new Entry("b", "2,3", "f: 4"), new Entry("c", "4", "f: 7"));
    }

    @Test
    void whatIsNotUtf8IsLatin1() throws IOException {
        Path file = directory.resolve("zoo.cfg");
        Files.writeString(file, "k=\u00fc", StandardCharsets.ISO_8859_1);
        assertThat(PropertiesFile.read(file.toFile()).get("k")).isEqualTo(new Entry("k", "\u00fc", file + ": 1"));
        Files.writeString(file, "k=\u00fc", StandardCharsets.UTF_8);
        assertThat(PropertiesFile.read(file.toFile()).get("k")).isEqualTo(new Entry("k", "\u00fc", file + ": 1"));
    }

    @Test
    void brokenLinesAreNamed() {
        assertThatThrownBy(() -> PropertiesFile.parse("a=1\n=2\n", "f"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("f: 2: \"=2\" has no key; write key=value");
        assertThatThrownBy(() -> PropertiesFile.parse("a=\\u00\n", "f"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("f: 1: \\u00 is no character");
    }
}
