package io.troupe.env.system;

import io.troupe.env.Entropy;
import java.security.SecureRandom;

/** The machine's randomness. */
public final class SystemEntropy implements Entropy {
    private final SecureRandom random = new SecureRandom();

    @Override
    public long nextLong() {
        return random.nextLong();
    }
}
