package io.troupe.app.clientport;

import io.troupe.app.clientport.jute.RequestDecoder;
import io.troupe.edge.Frontend;
import io.troupe.env.Clock;
import java.util.concurrent.ExecutorService;

/**
 * What all connections of one client port share. Every part is thread-safe or immutable.
 *
 * @param saslThreads where steps of SASL exchanges run, which may block
 */
record PortContext(
        ClientPortSettings settings,
        Frontend frontend,
        Clock clock,
        PortStatistics statistics,
        ExecutorService saslThreads,
        RequestDecoder decoder,
        ClientLimits limits,
        PortLoad load,
        AllUnsent allUnsent,
        Episodes episodes,
        FourLetterWords words,
        PortStatus status) {}
