package io.troupe.sim;

import java.util.List;
import java.util.SplittableRandom;

/** Clients that stand still, and connections to them that break without a word. */
final class ClientFaults {
    private final FaultPlan plan;
    private final List<Workload> clients;
    private final SplittableRandom random;

    ClientFaults(FaultPlan plan, List<Workload> clients, SplittableRandom random) {
        this.plan = plan;
        this.clients = clients;
        this.random = random;
    }

    /** False when this is no fault of a client, or the client is not connected anyway. */
    boolean inject(FaultKind kind) {
        SimClient client = clients.get(random.nextInt(clients.size())).client();
        return switch (kind) {
            case SILENT_CLIENT -> {
                client.fallSilent(plan.span(500, 15_000));
                yield true;
            }
            case CUT_CLIENT -> {
                boolean connected = client.connected();
                client.cutConnection();
                yield connected;
            }
            default -> false;
        };
    }
}
