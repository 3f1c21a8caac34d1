package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.app.clientport.SaslFrames.Answer;
import io.troupe.app.clientport.auth.AuthConfiguration;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.contract.Covers;
import io.troupe.edge.ClientRequest;
import io.troupe.node.AuthSettings;
import io.troupe.node.ConfigurationException;
import io.troupe.request.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.util.List;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins by SASL with GSSAPI, vouched for by a Kerberos of this test's own (contract 4.4). */
class KerberosTest {
    private static final String KRB5_CONF = "java.security.krb5.conf";
    private static final String REALM = "EXAMPLE.TEST";

    @TempDir
    static Path directory;

    private static SimpleKdcServer kerberos;

    @BeforeAll
    static void start() throws KrbException {
        kerberos = new SimpleKdcServer();
        kerberos.setWorkDir(directory.toFile());
        kerberos.setKdcRealm(REALM);
        kerberos.setKdcHost("127.0.0.1");
        kerberos.setAllowUdp(false);
        kerberos.init();
        kerberos.start();
        for (String name : List.of("bob", "zookeeper/localhost", "zookeeper/elsewhere", "hostless")) {
            kerberos.createAndExportPrincipals(keytab(name).toFile(), name);
        }
        System.setProperty(KRB5_CONF, directory.resolve("krb5.conf").toString());
    }

    @AfterAll
    static void stop() throws KrbException {
        System.clearProperty(KRB5_CONF);
        kerberos.stop();
    }

    private static Path keytab(String principal) {
        return directory.resolve(principal.replace('/', '-') + ".keytab");
    }

    private static AppConfigurationEntry section(String principal, boolean initiator) {
        return new AppConfigurationEntry(
                "com.sun.security.auth.module.Krb5LoginModule",
                LoginModuleControlFlag.REQUIRED,
                Map.of(
                        "useKeyTab",
                        "true",
                        "keyTab",
                        keytab(principal).toString(),
                        "principal",
                        principal + '@' + REALM,
                        "storeKey",
                        "true",
                        "isInitiator",
                        Boolean.toString(initiator),
                        "refreshKrb5Config",
                        "true"));
    }

    private static Authenticators server(String principal, String... settings) {
        AuthSettings auth = AuthConfiguration.of(settings);
        return Authenticators.of(auth, List.of(section(principal, false)));
    }

    private static PortFixture port(String... settings) throws IOException {
        Authenticators authenticators = server("zookeeper/localhost", settings);
        return new PortFixture(s -> PortFixture.withAuthenticators(s, authenticators));
    }

    /** Lets bob log in with a ticket for a service on {@code host}; the server's last answer. */
    private static Answer logIn(RawClient client, String host) throws Exception {
        Subject bob = new Subject();
        new LoginContext("bob", bob, null, new Configuration() {
                    @Override
                    public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                        return new AppConfigurationEntry[] {section(name, true)};
                    }
                })
                .login();
        return Subject.doAs(bob, (PrivilegedExceptionAction<Answer>) () -> {
            SaslClient sasl =
                    Sasl.createSaslClient(new String[] {"GSSAPI"}, null, "zookeeper", host, Map.of(), callbacks -> {});
            Answer answer = SaslFrames.say(client, sasl.evaluateChallenge(new byte[0]));
            while (answer.header().getErr() == 0 && !sasl.isComplete()) {
                answer = SaslFrames.say(client, sasl.evaluateChallenge(answer.token()));
            }
            return answer;
        });
    }

    private static List<Identity> identities(PortFixture port, RawClient client) throws IOException {
        assertThat(client.ask(RawClient.request(-2, ZooDefs.OpCode.ping)).getErr())
                .isZero();
        return ((ClientRequest.Read) port.node.requests().get(0)).identities();
    }

    @Test
    @Covers("4.4.4")
    void aPrincipalIsAnIdentity() throws Exception {
        try (PortFixture port = port("troupe.required-auth-schemes = sasl");
                RawClient client = port.open()) {
            assertThat(logIn(client, "localhost").header().getErr()).isZero();
            assertThat(identities(port, client)).contains(new Identity("sasl", "bob@" + REALM));
        }
    }

    @Test
    void aPrincipalMayLoseItsRealmAndBeTheSuperUser() throws Exception {
        try (PortFixture port = port("troupe.auth.sasl { remove-realm = true, super-users = bob }");
                RawClient client = port.open()) {
            assertThat(logIn(client, "localhost").header().getErr()).isZero();
            assertThat(identities(port, client)).contains(new Identity("sasl", "bob"), new Identity("super", ""));
        }
    }

    @Test
    void aTicketForAnotherServerProvesNothing() throws Exception {
        try (PortFixture port = port();
                RawClient client = port.open()) {
            assertThat(logIn(client, "elsewhere").header().getErr()).isEqualTo(-115);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aServerNeedsTheKeyOfAServiceOnAHost() {
        assertThatThrownBy(() -> server("hostless"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("hostless@" + REALM)
                .hasMessageContaining("zookeeper/host@REALM");
        assertThatThrownBy(() -> server("unknown")).isInstanceOf(ConfigurationException.class);
    }
}
