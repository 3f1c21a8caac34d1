package io.troupe.app.clientport;

import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.clientport.jute.RequestDecoder;
import io.troupe.edge.Frontend;
import io.troupe.env.Clock;

/** What all connections of one client port share. Every part is thread-safe or immutable. */
record PortContext(
        ClientPortSettings settings,
        Frontend frontend,
        Clock clock,
        PortStatistics statistics,
        Authenticators authenticators,
        RequestDecoder decoder,
        AddressLimit addresses,
        PortLoad load,
        TokenBucket connectRate,
        FourLetterWords words) {}
