package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Covers;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.OfficialClient;
import io.troupe.process.ServerProgram;
import io.troupe.process.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper.States;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The official client logging in by SASL with DIGEST-MD5 (contract 4.4), as it is and with ZooKeeper's own JAAS files. */
class SaslTest {
    private static final String MODULE = "org.apache.zookeeper.server.auth.DigestLoginModule";

    private static EnsembleProcesses ensemble;
    private String base;
    private OfficialClient anybody;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        Path jaas = directory.resolve("jaas.conf");
        Files.writeString(jaas, """
                Server {
                  %s required
                  user_bob="bob's secret"
                  user_amy="amy's secret"
                  user_admin="the boss";
                };
                """.formatted(MODULE));
        Tuning tuning = Tuning.TEST.with(List.of(
                "-Djava.security.auth.login.config=" + jaas,
                "-Dtroupe.auth.providers=sasl",
                "-Dtroupe.auth.sasl.super-users=admin",
                "-Dzookeeper.authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
                "-Dzookeeper.superUser=admin",
                "-Dzookeeper.fips-mode=false"));
        ensemble = EnsembleProcesses.prepare(ServerProgram.selected(tuning), 1);
        ensemble.startAll();
        Configuration.setConfiguration(new Users());
    }

    @AfterAll
    static void stop() {
        Configuration.setConfiguration(null);
        ensemble.close();
    }

    /** The client's side of JAAS: a section for each user. */
    private static final class Users extends Configuration {
        private static final Map<String, Map<String, String>> SECTIONS = Map.of(
                "Bob", Map.of("username", "bob", "password", "bob's secret"),
                "Amy", Map.of("username", "amy", "password", "amy's secret"),
                "Admin", Map.of("username", "admin", "password", "the boss"),
                "Liar", Map.of("username", "bob", "password", "guessed"),
                "Stranger", Map.of("username", "eve", "password", "eve's secret"));

        @Override
        public AppConfigurationEntry @Nullable [] getAppConfigurationEntry(String name) {
            Map<String, String> options = SECTIONS.get(name);
            return options == null
                    ? null
                    : new AppConfigurationEntry[] {
                        new AppConfigurationEntry(MODULE, LoginModuleControlFlag.REQUIRED, options)
                    };
        }
    }

    @BeforeEach
    void connect(TestInfo test) throws Exception {
        anybody = OfficialClient.connect(ensemble.connectString());
        base = anybody.createText("/" + test.getTestMethod().orElseThrow().getName(), "", CreateMode.PERSISTENT);
    }

    @AfterEach
    void close() {
        anybody.close();
    }

    private static OfficialClient loggedIn(String section) {
        OfficialClient client = OfficialClient.loggingIn(ensemble.connectString(), section);
        client.events().awaitState(KeeperState.SaslAuthenticated);
        return client;
    }

    private static List<ACL> everythingFor(String scheme, String id) {
        // The client asks whether it contains null, which immutable lists do not answer.
        return Arrays.asList(new ACL(Perms.ALL, new Id(scheme, id)));
    }

    private static Code failure(Callable<?> action) {
        return catchThrowableOfType(KeeperException.class, action::call).code();
    }

    @Test
    @Covers("4.4.4")
    void whatIsOneUsersIsNobodyElses() throws Exception {
        try (OfficialClient bob = loggedIn("Bob");
                OfficialClient amy = loggedIn("Amy")) {
            String path = bob.create(
                    base + "/bobs", "x".getBytes(UTF_8), everythingFor("sasl", "bob"), CreateMode.PERSISTENT);
            assertThat(bob.text(path)).isEqualTo("x");
            assertThat(failure(() -> amy.text(path))).isEqualTo(Code.NOAUTH);
            assertThat(failure(() -> anybody.text(path))).isEqualTo(Code.NOAUTH);
            assertThat(bob.getACL(path, null)).isEqualTo(everythingFor("sasl", "bob"));
        }
    }

    @Test
    void authStandsForTheUser() throws Exception {
        try (OfficialClient bob = loggedIn("Bob")) {
            String path = bob.create(base + "/bobs", new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
            assertThat(bob.getACL(path, null)).isEqualTo(everythingFor("sasl", "bob"));
        }
        assertThat(failure(() ->
                        anybody.create(base + "/nobodys", new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT)))
                .isEqualTo(Code.INVALIDACL);
    }

    @Test
    void listsNameUsersInTheFormOfPrincipals() throws Exception {
        for (String valid : List.of("bob", "bob@HERE", "hdfs/a.example@HERE")) {
            anybody.create(
                    base + "/" + valid.hashCode(), new byte[0], everythingFor("sasl", valid), CreateMode.PERSISTENT);
        }
        assertThat(failure(() -> anybody.create(
                        base + "/no", new byte[0], everythingFor("sasl", "a@b@c"), CreateMode.PERSISTENT)))
                .isEqualTo(Code.INVALIDACL);
    }

    @Test
    @Covers({"4.4.3", "4.2.1"})
    void theSuperUserPassesEveryCheck() throws Exception {
        try (OfficialClient bob = loggedIn("Bob");
                OfficialClient admin = loggedIn("Admin")) {
            String path = bob.create(
                    base + "/bobs", "x".getBytes(UTF_8), everythingFor("sasl", "bob"), CreateMode.PERSISTENT);
            assertThat(admin.text(path)).isEqualTo("x");
            admin.setACL(path, everythingFor("sasl", "amy"), -1);
            assertThat(failure(() -> bob.text(path))).isEqualTo(Code.NOAUTH);
        }
    }

    @Test
    void aWrongPasswordOrAnUnknownUserEndsInAuthFailed() {
        for (String section : List.of("Liar", "Stranger")) {
            try (OfficialClient client = OfficialClient.loggingIn(ensemble.connectString(), section)) {
                client.events().awaitState(KeeperState.AuthFailed);
                await().until(() -> client.getState() == States.AUTH_FAILED);
                assertThat(client.events().states()).doesNotContain(KeeperState.SaslAuthenticated);
            }
        }
    }

    @Test
    void aClientLogsInAgainWhenItsServerComesBack() throws Exception {
        try (OfficialClient bob = loggedIn("Bob")) {
            String path = bob.create(
                    base + "/bobs", "x".getBytes(UTF_8), everythingFor("sasl", "bob"), CreateMode.PERSISTENT);
            ensemble.server(1).kill();
            bob.events().awaitState(KeeperState.Disconnected);
            ensemble.startAll();
            await().atMost(EnsembleProcesses.PATIENCE)
                    .ignoreExceptionsInstanceOf(KeeperException.class)
                    .untilAsserted(() -> assertThat(bob.text(path)).isEqualTo("x"));
        }
    }
}
