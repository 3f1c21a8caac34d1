package io.troupe.app.clientport.auth;

import org.jspecify.annotations.Nullable;

/** Lets access control lists name users that SASL proves. The proof itself is not a matter of auth packets. */
final class SaslProvider implements AuthenticationProvider {
    static final String SCHEME = "sasl";

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public Outcome authenticate(Peer peer, byte @Nullable [] data) {
        return new Outcome.Refused();
    }

    /** A plain name, or {@code service/host@REALM} with the host optional. */
    @Override
    public boolean isValid(String id) {
        int at = id.indexOf('@');
        if (at < 0) {
            return true;
        }
        int slash = id.indexOf('/');
        return id.lastIndexOf('@') == at && (slash < 0 || (slash < at && id.lastIndexOf('/') == slash));
    }

    @Override
    public boolean provesIdentity() {
        return true;
    }
}
