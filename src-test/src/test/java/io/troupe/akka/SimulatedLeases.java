package io.troupe.akka;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.coordination.lease.LeaseSettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;

/** Leases of actor systems that reach their ensemble through a simulated network. */
public final class SimulatedLeases {
    private SimulatedLeases() {}

    /**
     * A lease as Akka makes it.
     *
     * @param client by which the ensemble is reached
     * @param options beside those of {@code troupe.lease}
     */
    public static TroupeLease lease(
            ActorSystem<?> system, CoordinatorClient client, String name, String owner, String options) {
        SharedSessions.of(system).reachBy(contactPoints -> client);
        Config config = ConfigFactory.parseString(options)
                .withFallback(system.settings().config().getConfig("troupe.lease"));
        return new TroupeLease(
                LeaseSettings.apply(config, name, owner), (ExtendedActorSystem) Adapter.toClassic(system));
    }
}
