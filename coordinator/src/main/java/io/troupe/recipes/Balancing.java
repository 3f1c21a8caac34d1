package io.troupe.recipes;

/** How a {@link Balancer} chooses. */
public enum Balancing {
    /** One after the other. */
    ROUND_ROBIN,
    /** Any. */
    RANDOM,
    /** One to which this balancer has the fewest calls under way. */
    LEAST_LOADED,
    /** The same for the same key, as long as it is there; when instances come and go, few keys change theirs. */
    CONSISTENT_HASHING
}
