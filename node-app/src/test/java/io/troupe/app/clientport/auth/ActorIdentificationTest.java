package io.troupe.app.clientport.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.actorport.Identification;
import io.troupe.actorport.Identification.SaslStep;
import io.troupe.client.SaslLogin;
import io.troupe.node.AuthSettings;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.sasl.SaslClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Actor systems log in by SASL as clients of the client port do. */
class ActorIdentificationTest {
    private static final byte[] NOTHING = {};
    private static final AppConfigurationEntry USERS = new AppConfigurationEntry(
            "org.apache.zookeeper.server.auth.DigestLoginModule",
            LoginModuleControlFlag.REQUIRED,
            Map.of("user_bob", "secret"));

    private static Identification.Client client(AuthSettings settings, List<AppConfigurationEntry> section) {
        return new ActorIdentification(Authenticators.of(settings, section)).of(InetAddress.getLoopbackAddress());
    }

    private static SaslStep step(Identification.Client client, byte[] token) throws InterruptedException {
        BlockingQueue<Runnable> own = new LinkedBlockingQueue<>();
        BlockingQueue<SaslStep> answers = new LinkedBlockingQueue<>();
        client.sasl(token, own::add, answers::add);
        while (answers.isEmpty()) {
            Runnable turn = own.poll(1, TimeUnit.MINUTES);
            assertThat(turn).as("an answer").isNotNull();
            turn.run();
        }
        return answers.remove();
    }

    private static @Nullable SaslStep login(Identification.Client client, String password) throws Exception {
        SaslClient own = SaslLogin.digest("bob", password).begin();
        byte[] token = NOTHING;
        SaslStep last = null;
        while (token != null) {
            last = step(client, token);
            token = last instanceof SaslStep.Accepted accepted && accepted.token() != null
                    ? own.evaluateChallenge(accepted.token())
                    : null;
        }
        return last;
    }

    @Test
    void whoKnowsThePasswordIsWhoHeSays() throws Exception {
        Identification.Client bob = client(AuthConfiguration.of("troupe.required-auth-schemes = sasl"), List.of(USERS));
        assertThat(bob.suffices()).isFalse();

        assertThat(login(bob, "secret")).isInstanceOf(SaslStep.Accepted.class);

        assertThat(bob.identities()).contains(new Identity("sasl", "bob"));
        assertThat(bob.suffices()).isTrue();
    }

    @Test
    void whoDoesNotIsRefused() throws Exception {
        Identification.Client somebody = client(AuthSettings.DEFAULT, List.of(USERS));

        assertThat(login(somebody, "wrong"))
                .isInstanceOfSatisfying(
                        SaslStep.Refused.class,
                        refused -> assertThat(refused.error()).isEqualTo(ErrorCode.AUTH_FAILED));
        assertThat(somebody.identities()).extracting(Identity::scheme).doesNotContain("sasl");
    }

    @Test
    void aNodeWithoutSaslHasNoToken() throws Exception {
        assertThat(step(client(AuthSettings.DEFAULT, List.of()), NOTHING))
                .isInstanceOfSatisfying(
                        SaslStep.Accepted.class,
                        accepted -> assertThat(accepted.token()).isNull());
    }
}
