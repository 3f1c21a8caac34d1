package io.troupe.client;

import io.troupe.actorport.Identification;
import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jspecify.annotations.Nullable;

/**
 * Whoever gives {@code user:password} is {@code digest:user}, unless the password is wrong; {@code super} is everybody's master. Whoever
 * logs in by SASL with {@code secret} is {@code sasl:user}.
 */
final class Passwords implements Identification {
    @Override
    public Client of(@Nullable InetAddress address) {
        List<Identity> identities = new ArrayList<>();
        if (address != null) {
            identities.add(new Identity("ip", address.getHostAddress()));
        }
        return new Client() {
            private @Nullable SaslServer server;

            @Override
            public List<Identity> identities() {
                return List.copyOf(identities);
            }

            @Override
            public boolean prove(String scheme, byte[] data) {
                String text = new String(data, StandardCharsets.UTF_8);
                if (!scheme.equals("digest") || text.endsWith(":wrong")) {
                    return false;
                }
                String user = text.substring(0, text.indexOf(':'));
                identities.add(user.equals("super") ? new Identity("super", "") : new Identity("digest", user));
                return true;
            }

            @Override
            public void sasl(byte[] token, Executor own, Consumer<SaslStep> answer) {
                ForkJoinPool.commonPool().execute(() -> {
                    SaslStep step = step(token);
                    own.execute(() -> answer.accept(step));
                });
            }

            private SaslStep step(byte[] token) {
                try {
                    if (server == null) {
                        server = Sasl.createSaslServer(
                                "DIGEST-MD5", "zookeeper", "zk-sasl-md5", Map.of(), Passwords::know);
                    }
                    byte[] next = server.evaluateResponse(token);
                    if (server.isComplete()) {
                        identities.add(new Identity("sasl", server.getAuthorizationID()));
                    }
                    return new SaslStep.Accepted(next);
                } catch (SaslException e) {
                    return new SaslStep.Refused(ErrorCode.AUTH_FAILED, String.valueOf(e.getMessage()));
                }
            }

            @Override
            public boolean suffices() {
                return true;
            }

            @Override
            public List<Acl> resolve(List<Acl> requested) {
                return requested;
            }

            @Override
            public List<Identity> shown(List<Identity> held) {
                return held;
            }
        };
    }

    private static void know(Callback[] callbacks) {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(name.getDefaultName());
            } else if (callback instanceof PasswordCallback password) {
                password.setPassword("secret".toCharArray());
            } else if (callback instanceof RealmCallback realm) {
                realm.setText(realm.getDefaultText());
            } else if (callback instanceof AuthorizeCallback authorize) {
                authorize.setAuthorized(true);
                authorize.setAuthorizedID(authorize.getAuthenticationID());
            }
        }
    }
}
