package io.troupe.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.app.clientport.auth.AuthConfiguration;
import io.troupe.node.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JaasSectionTest {
    private static final String FILE = "java.security.auth.login.config";

    @TempDir
    Path directory;

    @AfterEach
    void forget() {
        System.clearProperty(FILE);
        Configuration.setConfiguration(null);
    }

    /** Makes this text the JVM's JAAS configuration, as its option does at the start. */
    private Path jaas(String text) throws IOException {
        Path file = directory.resolve("jaas.conf");
        Files.writeString(file, text);
        System.setProperty(FILE, file.toString());
        Configuration.setConfiguration(null);
        return file;
    }

    private static List<AppConfigurationEntry> read(String... settings) {
        return JaasSection.read(AuthConfiguration.of(settings));
    }

    @Test
    void theSectionIsFoundByItsName() throws IOException {
        jaas("""
                Server { a.Module required user_bob="secret"; };
                Other { b.Module required user_amy="secret"; };
                """);
        assertThat(read()).singleElement().satisfies(entry -> {
            assertThat(entry.getLoginModuleName()).isEqualTo("a.Module");
            assertThat(entry.getOptions()).hasToString("{user_bob=secret}");
        });
        assertThat(read("troupe.auth.sasl.section = Other"))
                .extracting(AppConfigurationEntry::getLoginModuleName)
                .containsExactly("b.Module");
    }

    @Test
    void withoutAnyThereIsNoSasl() throws IOException {
        assertThat(read()).isEmpty();
        jaas("Client { a.Module required; };");
        assertThat(read()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "troupe.auth.sasl.section = Missing",
                "troupe.auth.sasl.super-users = admin",
                "troupe.required-auth-schemes = sasl"
            })
    void aSectionThatIsNeededIsMissed(String setting) throws IOException {
        Path file = jaas("Client { a.Module required; };");
        assertThatThrownBy(() -> read(setting))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("section");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Path broken = jaas("Server { no end");
        assertThatThrownBy(JaasSectionTest::read)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(broken.toString());
        System.setProperty(FILE, directory.resolve("absent").toString());
        assertThatThrownBy(JaasSectionTest::read)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("absent");
    }
}
