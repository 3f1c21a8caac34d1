package io.troupe.app.clientport.auth;

import java.io.IOException;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import org.jspecify.annotations.Nullable;

/**
 * Answers what a SASL mechanism asks of a server: a user's password, and under which id a proven client goes on. That
 * is always the one it has proven, whatever other it asks for. Immutable.
 */
final class SaslCallbacks implements CallbackHandler {
    private final Map<String, String> passwords;
    private final Naming naming;

    /** Makes an identity of a proven name. */
    private interface Naming {
        /**
         * @throws IOException when nobody of that name is let in
         */
        String identity(String proven) throws IOException;
    }

    private SaslCallbacks(Map<String, String> passwords, Naming naming) {
        this.passwords = Map.copyOf(passwords);
        this.naming = naming;
    }

    /** For users with passwords. */
    static SaslCallbacks ofUsers(Map<String, String> passwords) {
        return new SaslCallbacks(passwords, name -> name);
    }

    /** For users whom Kerberos vouches for. */
    static SaslCallbacks ofPrincipals(KerberosNames names) {
        return new SaslCallbacks(Map.of(), names::identity);
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        String user = null;
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                user = name.getDefaultName();
                name.setName(user);
            } else if (callback instanceof RealmCallback realm) {
                realm.setText(realm.getDefaultText());
            } else if (callback instanceof PasswordCallback password) {
                answer(password, user);
            } else if (callback instanceof AuthorizeCallback authorize) {
                authorize.setAuthorizedID(naming.identity(authorize.getAuthenticationID()));
                authorize.setAuthorized(true);
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private void answer(PasswordCallback callback, @Nullable String user) {
        String password = user == null ? null : passwords.get(user);
        if (password != null) {
            callback.setPassword(password.toCharArray());
        }
    }
}
