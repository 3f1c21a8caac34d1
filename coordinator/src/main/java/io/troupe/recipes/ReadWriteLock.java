package io.troupe.recipes;

/**
 * Locks of those who read, who may be many, and of those who write, who are alone; in the order in which they ask. Who reads waits for
 * writers before him, who writes for everybody before him.
 *
 * @param read held by any number of readers
 * @param write held by one, while nobody reads
 */
public record ReadWriteLock(Lock read, Lock write) {}
