package io.troupe.app.clientport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.contract.Covers;
import io.troupe.node.AuthSettings;
import io.troupe.node.ConfigurationException;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.util.List;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorsTest {
    private static final String USERS_MODULE = "org.apache.zookeeper.server.auth.DigestLoginModule";

    private static List<AppConfigurationEntry> section(String module, Map<String, String> options) {
        return List.of(new AppConfigurationEntry(module, LoginModuleControlFlag.REQUIRED, options));
    }

    private static AuthSettings demanding(String scheme) {
        return AuthConfiguration.of("troupe.required-auth-schemes = " + scheme);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sasl", "x509", "ensemble", "nonsense"})
    void aSchemeThatNobodyCouldProveIsNotDemanded(String scheme) {
        assertThatThrownBy(() -> Authenticators.of(demanding(scheme), List.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("required-auth-schemes names " + scheme);
    }

    @Test
    void saslIsDemandedWhereThereIsALogin() {
        Authenticators demanding =
                Authenticators.of(demanding("sasl"), section(USERS_MODULE, Map.of("user_bob", "secret")));
        assertThat(demanding.sasl().map(SaslMechanism::name)).contains("DIGEST-MD5");
    }

    @Test
    @Covers("6.4.1")
    void entriesForAnyUserAreForAllWhoHaveLoggedIn() {
        Authenticators authenticators = Authenticators.of(
                AuthConfiguration.of("troupe.auth.providers = sasl", "troupe.auth.sasl.any-user = everybody"),
                List.of());
        Identity bob = new Identity("sasl", "bob");
        Identity everybody = new Identity("sasl", "everybody");
        List<Identity> held = authenticators.ofSasl("bob");
        assertThat(held).containsExactly(bob, everybody);

        // What bob keeps for himself is not everybody's.
        List<Acl> own = List.of(new Acl(Acl.READ, new Identity("auth", "")));
        assertThat(authenticators.aclSyntax().resolve(own, held)).containsExactly(new Acl(Acl.READ, bob));
        assertThat(authenticators.aclSyntax().resolve(own, authenticators.ofSasl("everybody")))
                .contains(new Acl(Acl.READ, everybody));
        assertThat(authenticators.own(held)).containsExactly(bob);
        assertThat(Authenticators.usual().ofSasl("bob")).containsExactly(bob);
    }

    @Test
    void certificatesAreDemandedWhereClientsAreAskedForThem() {
        String[] tls = {
            "troupe.required-auth-schemes = x509",
            "troupe.secure-client-port = 2281",
            "troupe.tls.key-store = k.pem",
            "troupe.tls.trust-store = t.pem"
        };
        assertThat(Authenticators.of(AuthConfiguration.of(tls), List.of()).requiredSchemes())
                .containsExactly("x509");
        assertThatThrownBy(() -> Authenticators.of(
                        AuthConfiguration.of(String.join("\n", tls), "troupe.tls.client-auth = none"), List.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("required-auth-schemes names x509");
        assertThatThrownBy(() -> Authenticators.of(
                        AuthConfiguration.of(String.join("\n", tls), "troupe.tls.auth-provider = badge"), List.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("troupe.tls.auth-provider names badge");
    }

    @Test
    void aSectionWithoutUsersIsRefused() {
        assertThatThrownBy(
                        () -> Authenticators.of(AuthSettings.DEFAULT, section(USERS_MODULE, Map.of("bob", "secret"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("user_<name>");
    }

    @Test
    void aLoginThatFailsIsRefusedWithItsReason() {
        assertThatThrownBy(() -> Authenticators.of(AuthSettings.DEFAULT, section("no.such.Module", Map.of())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("section Server")
                .hasMessageContaining("no.such.Module");
    }
}
