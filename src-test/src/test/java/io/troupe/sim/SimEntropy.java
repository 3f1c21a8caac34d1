package io.troupe.sim;

import io.troupe.env.Entropy;
import java.util.SplittableRandom;

/** One process's random numbers, from the world's seed. */
final class SimEntropy implements Entropy {
    private final SplittableRandom random;

    SimEntropy(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public long nextLong() {
        return random.nextLong();
    }
}
