package io.troupe.app.clientport.auth;

import io.troupe.request.Identity;
import io.troupe.request.IpRange;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client's address, which every connection has proven when it is accepted. */
final class AddressProvider implements AuthenticationProvider {
    static final String SCHEME = "ip";

    /** The identity that an address gives. */
    static Identity identity(InetAddress peer) {
        String address = peer.getHostAddress();
        int scope = address.indexOf('%');
        return new Identity(SCHEME, scope < 0 ? address : address.substring(0, scope));
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public Outcome authenticate(Peer peer, byte @Nullable [] data) {
        return new Outcome.Proven(List.of(identity(peer.address())));
    }

    /** An address or a prefix of some. No client has an address with a zone, or one of IPv4 in the form of IPv6. */
    @Override
    public boolean isValid(String id) {
        boolean mixed = id.indexOf(':') >= 0 && id.indexOf('.') >= 0;
        return !mixed && id.indexOf('%') < 0 && IpRange.parse(id).isPresent();
    }

    @Override
    public boolean provesIdentity() {
        return false;
    }
}
