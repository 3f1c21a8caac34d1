package io.troupe.app.clientport.auth;

import io.troupe.node.AuthSettings;
import io.troupe.request.Identity;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** The subject of the certificate that a client showed when its TLS connection was made. */
final class CertificateProvider implements AuthenticationProvider {
    static final String SCHEME = AuthSettings.CERTIFICATES;

    private final String superUser;

    /** {@code superUser}: the subject that passes every check, as RFC 2253 writes it; empty for none. */
    CertificateProvider(String superUser) {
        this.superUser = superUser;
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public Outcome authenticate(Peer peer, byte @Nullable [] data) {
        if (peer.certificates().isEmpty()) {
            return new Outcome.Refused();
        }
        String subject = peer.certificates().get(0).getSubjectX500Principal().getName(X500Principal.RFC2253);
        Identity user = new Identity(SCHEME, subject);
        // An unnamed subject is not the super user that nobody configured.
        boolean above = !superUser.isEmpty() && subject.equals(superUser);
        return new Outcome.Proven(above ? List.of(user, SUPER_USER) : List.of(user));
    }

    @Override
    public boolean isValid(String id) {
        try {
            return id.isEmpty() || !new X500Principal(id).getName().isEmpty();
        } catch (IllegalArgumentException notAName) {
            return false;
        }
    }

    @Override
    public boolean provesIdentity() {
        return true;
    }
}
