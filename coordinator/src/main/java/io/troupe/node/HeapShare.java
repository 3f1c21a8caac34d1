package io.troupe.node;

/** Limits of connections that follow from the heap, where none are configured. */
final class HeapShare {
    private static final long HEAP = Runtime.getRuntime().maxMemory();
    private static final long BYTES_FOR_CONNECTION = 32 << 10;
    private static final int IN_FLIGHT = 16;
    private static final int LEAST = 1_000;

    private HeapShare() {}

    /** Connections of clients. */
    static int connections() {
        return (int) Math.max(LEAST, Math.min(Integer.MAX_VALUE, HEAP / BYTES_FOR_CONNECTION));
    }

    /** Bytes of requests that are not answered. */
    static long inFlight() {
        return HEAP / IN_FLIGHT;
    }
}
