package io.troupe.app.clientport.auth;

import io.troupe.node.AuthSettings;
import io.troupe.node.ConfigurationException;
import io.troupe.request.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user name and a password. Any pair is accepted: it defines the identity {@code user:BASE64(digest(user:password))}, which
 * nobody can give who does not know the password.
 */
final class DigestProvider implements AuthenticationProvider {
    static final String SCHEME = "digest";

    private final String algorithm;
    private final String superDigest;

    /**
     * @throws ConfigurationException when the Java platform lacks the algorithm
     */
    DigestProvider(AuthSettings settings) {
        this.algorithm = settings.digestAlgorithm();
        this.superDigest = settings.superDigest();
        try {
            MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new ConfigurationException(
                    "troupe.auth.digest-algorithm = \"" + algorithm
                            + "\" is unknown to this Java platform; use SHA1, SHA-256 or SHA-512, the same as clients and tools");
        }
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public Outcome authenticate(Peer peer, byte @Nullable [] data) {
        if (data == null) {
            return new Outcome.Refused();
        }
        String digest = digest(new String(data, StandardCharsets.UTF_8));
        Identity user = new Identity(SCHEME, digest);
        return new Outcome.Proven(digest.equals(superDigest) ? List.of(user, SUPER_USER) : List.of(user));
    }

    private String digest(String userAndPassword) {
        try {
            byte[] hash = MessageDigest.getInstance(algorithm).digest(userAndPassword.getBytes(StandardCharsets.UTF_8));
            return userName(userAndPassword) + ":" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("was there at the start", e);
        }
    }

    /** Two parts around one colon, the second not empty; colons at the end do not count. */
    @Override
    public boolean isValid(String id) {
        int end = id.length();
        while (end > 0 && id.charAt(end - 1) == ':') {
            end--;
        }
        int colon = id.indexOf(':');
        return colon >= 0 && colon < end && id.lastIndexOf(':', end - 1) == colon;
    }

    @Override
    public boolean provesIdentity() {
        return true;
    }

    @Override
    public String userName(String id) {
        int colon = id.indexOf(':');
        return colon < 0 ? id : id.substring(0, colon);
    }
}
