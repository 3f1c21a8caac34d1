package io.troupe.sim;

import java.util.List;
import java.util.SplittableRandom;

/** Clients that stand still, and connections to them that break without a word. */
record ClientFaults(List<Workload> clients) implements FaultPlan.Clients {
    @Override
    public boolean inject(FaultKind kind, FaultPlan plan, SplittableRandom random) {
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
