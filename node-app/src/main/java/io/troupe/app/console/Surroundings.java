package io.troupe.app.console;

import io.troupe.app.audit.AuditTrail;
import io.troupe.app.clientport.PortStatus;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.tls.TlsContext;
import io.troupe.edge.Frontend;
import io.troupe.env.Clock;
import io.troupe.metrics.Metrics;
import io.troupe.node.ProcessSettings;
import io.troupe.overview.Overview;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The process that the port is part of.
 *
 * @param settings of all of it
 * @param node empty until its tree is there and it belongs to an ensemble
 * @param clients the port of ZooKeeper's clients; empty until it listens
 * @param metrics what the node counts
 * @param overview what the node knows of elections and of the other nodes
 * @param authenticators what clients can prove of themselves
 * @param tls keys and certificates of the port; null where it encrypts nothing
 * @param audit where changes and refusals are recorded; null where none are
 */
public record Surroundings(
        ProcessSettings settings,
        Supplier<Optional<Frontend>> node,
        Supplier<Optional<PortStatus>> clients,
        Metrics metrics,
        Overview overview,
        Authenticators authenticators,
        @Nullable TlsContext tls,
        @Nullable AuditTrail audit,
        Clock clock) {}
