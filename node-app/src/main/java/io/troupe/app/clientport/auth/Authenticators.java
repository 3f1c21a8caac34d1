package io.troupe.app.clientport.auth;

import io.troupe.request.Identity;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns the content of an auth packet into identities (contract 4.4). Immutable. */
public final class Authenticators {
    /** Scheme of an identity that a client's address gives it. */
    public static final String IP = "ip";

    /** Scheme of an identity that a user name and a password give. */
    public static final String DIGEST = "digest";

    /** Scheme of the identity that passes every check. */
    public static final String SUPER = "super";

    private final @Nullable String superDigest;

    /** {@code superDigest}: the digest identity that is also the super user, {@code user:base64}; null for none. */
    public Authenticators(@Nullable String superDigest) {
        this.superDigest = superDigest;
    }

    /** The identity every connection starts with. */
    public static Identity ofAddress(InetAddress peer) {
        String address = peer.getHostAddress();
        int scope = address.indexOf('%');
        return new Identity(IP, scope < 0 ? address : address.substring(0, scope));
    }

    /** The identities that {@code data} proves under {@code scheme}; empty when the client must be refused. */
    public Optional<List<Identity>> authenticate(@Nullable String scheme, byte @Nullable [] data, InetAddress peer) {
        if (IP.equals(scheme)) {
            return Optional.of(List.of(ofAddress(peer)));
        }
        if (!DIGEST.equals(scheme) || data == null) {
            return Optional.empty();
        }
        String digest = digest(new String(data, StandardCharsets.UTF_8));
        Identity user = new Identity(DIGEST, digest);
        return Optional.of(digest.equals(superDigest) ? List.of(user, new Identity(SUPER, "")) : List.of(user));
    }

    /** {@code user:BASE64(SHA1(user:password))}. */
    public static String digest(String userAndPassword) {
        int colon = userAndPassword.indexOf(':');
        String user = colon < 0 ? userAndPassword : userAndPassword.substring(0, colon);
        byte[] hash = sha1().digest(userAndPassword.getBytes(StandardCharsets.UTF_8));
        return user + ":" + Base64.getEncoder().encodeToString(hash);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
