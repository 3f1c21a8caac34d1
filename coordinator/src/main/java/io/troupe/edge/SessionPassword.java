package io.troupe.edge;

import java.security.MessageDigest;
import java.util.Random;

/**
 * The 16 bytes a client shows to attach to its session again. A guard against mistakes, no secret: every node derives
 * the same from the session id (contract 1.6).
 */
public final class SessionPassword {
    /** Bytes. */
    public static final int LENGTH = 16;

    private static final long SALT = 0xB3415C00L;

    private SessionPassword() {}

    /** The password of a session. */
    public static byte[] of(long sessionId) {
        byte[] password = new byte[LENGTH];
        new Random(sessionId ^ SALT).nextBytes(password);
        return password;
    }

    /** Whether {@code shown} opens the session; session 0 is nobody's. */
    public static boolean matches(long sessionId, byte[] shown) {
        return sessionId != 0 && MessageDigest.isEqual(of(sessionId), shown);
    }
}
