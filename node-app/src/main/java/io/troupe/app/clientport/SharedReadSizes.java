package io.troupe.app.clientport;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * How much is read at a time: one estimate for all connections of an event loop, which reads one after the other, where each of its
 * own would take 140 bytes of heap.
 */
@SuppressWarnings("deprecation")
final class SharedReadSizes extends AdaptiveRecvByteBufAllocator {
    /** As often as Netty lets a connection be read in one turn. */
    private static final int READS_IN_A_TURN = 16;

    private final FastThreadLocal<Handle> ofLoop = new FastThreadLocal<>() {
        @Override
        protected Handle initialValue() {
            return SharedReadSizes.super.newHandle();
        }
    };

    SharedReadSizes() {
        maxMessagesPerRead(READS_IN_A_TURN);
    }

    @Override
    public Handle newHandle() {
        return ofLoop.get();
    }
}
