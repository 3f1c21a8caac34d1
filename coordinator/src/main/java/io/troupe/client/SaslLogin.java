package io.troupe.client;

import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;

/**
 * How the owner of a session logs in by SASL: anew at each node that gives the session, because what has been proven to one node another
 * does not know. For Kerberos, let {@link #begin} make a client of mechanism GSSAPI in the name of the own {@code Subject}, whose steps
 * are done in that name, too.
 */
@FunctionalInterface
public interface SaslLogin {
    /**
     * The client's side of one exchange. It is called, and its steps are taken, by threads that may block.
     *
     * @throws SaslException when there is none
     */
    SaslClient begin() throws SaslException;

    /** By name and password, mechanism DIGEST-MD5, as {@code user_<name>="<password>"} in the nodes' JAAS section has it. */
    static SaslLogin digest(String user, String password) {
        return () -> {
            SaslClient client = Sasl.createSaslClient(
                    new String[] {"DIGEST-MD5"}, user, "zookeeper", "zk-sasl-md5", Map.of(), answering(user, password));
            if (client == null) {
                throw new SaslException("this Java platform offers no DIGEST-MD5");
            }
            return client;
        };
    }

    private static CallbackHandler answering(String user, String password) {
        return callbacks -> {
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                    name.setName(user);
                } else if (callback instanceof PasswordCallback secret) {
                    secret.setPassword(password.toCharArray());
                } else if (callback instanceof RealmCallback realm) {
                    realm.setText(realm.getDefaultText());
                } else {
                    throw new UnsupportedCallbackException(callback);
                }
            }
        };
    }
}
