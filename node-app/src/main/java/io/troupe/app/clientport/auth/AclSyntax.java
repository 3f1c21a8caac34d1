package io.troupe.app.clientport.auth;

import io.netty.util.NetUtil;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings the access control list of a request into the form that is stored (contract 4.3). An invalid list becomes the
 * empty one, which {@code execute} refuses at its place in the order of checks. Immutable.
 */
public final class AclSyntax {
    private static final String WORLD = "world";
    private static final String AUTH = "auth";
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    private final boolean sasl;

    /** {@code sasl}: whether lists may name users that SASL proves. */
    AclSyntax(boolean sasl) {
        this.sasl = sasl;
    }

    /** The list to store, or the empty one; {@code auth} entries stand for the client's {@code identities}. */
    public List<Acl> resolve(List<Acl> requested, List<Identity> identities) {
        Set<Acl> resolved = new LinkedHashSet<>();
        for (Acl entry : requested) {
            List<Acl> stored = resolve(entry, identities);
            if (stored.isEmpty()) {
                return List.of();
            }
            resolved.addAll(stored);
        }
        return List.copyOf(resolved);
    }

    private List<Acl> resolve(Acl entry, List<Identity> identities) {
        String id = entry.who().id();
        return switch (entry.who().scheme()) {
            case WORLD -> entry.who().equals(Identity.ANYONE) ? List.of(entry) : List.of();
            case AUTH -> authenticated(entry.perms(), identities);
            case Authenticators.IP -> isAddressRange(id) ? List.of(entry) : List.of();
            case Authenticators.DIGEST -> isDigest(id) ? List.of(entry) : List.of();
            case Authenticators.SASL -> sasl && isKerberosName(id) ? List.of(entry) : List.of();
            default -> List.of();
        };
    }

    private List<Acl> authenticated(int perms, List<Identity> identities) {
        List<Acl> entries = new ArrayList<>();
        for (Identity identity : identities) {
            String scheme = identity.scheme();
            if (scheme.equals(Authenticators.DIGEST) || (sasl && scheme.equals(Authenticators.SASL))) {
                entries.add(new Acl(perms, identity));
            }
        }
        return entries;
    }

    private static boolean isDigest(String id) {
        int colon = id.indexOf(':');
        return colon >= 0 && colon + 1 < id.length() && id.indexOf(':', colon + 1) < 0;
    }

    /** A plain name, or {@code service/host@REALM} with the host optional. */
    private static boolean isKerberosName(String id) {
        int at = id.indexOf('@');
        if (at < 0) {
            return true;
        }
        int slash = id.indexOf('/');
        return id.lastIndexOf('@') == at && (slash < 0 || (slash < at && id.lastIndexOf('/') == slash));
    }

    private static boolean isAddressRange(String id) {
        int slash = id.indexOf('/');
        String address = slash < 0 ? id : id.substring(0, slash);
        byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            return false;
        }
        return slash < 0 || isPrefixLength(id.substring(slash + 1), bytes.length == 4 ? IPV4_BITS : IPV6_BITS);
    }

    private static boolean isPrefixLength(String text, int most) {
        try {
            int bits = Integer.parseInt(text);
            return bits >= 0 && bits <= most;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}
