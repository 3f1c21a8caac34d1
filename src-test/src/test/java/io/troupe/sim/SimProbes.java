package io.troupe.sim;

import io.troupe.link.PeerProbe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The silent connections by which nodes notice that another's process is gone. A machine without power closes none. */
final class SimProbes {
    private static final long CLOSING_NANOS = 1_000_000;

    private record Watch(int nodeId, String address, SimProcess by, PeerProbe.Listener listener) {}

    private final SimWorld world;
    private final Map<String, Boolean> up = new HashMap<>();
    private final List<Watch> watches = new ArrayList<>();

    SimProbes(SimWorld world) {
        this.world = world;
    }

    /** The probe of one process. */
    PeerProbe of(SimProcess process) {
        return new PeerProbe() {
            @Override
            public void watch(int nodeId, String host, int port, Listener listener) {
                String address = host + ":" + port;
                watches.removeIf(each -> each.by() == process && each.nodeId() == nodeId);
                watches.add(new Watch(nodeId, address, process, listener));
                Boolean known = up.get(address);
                if (known != null) {
                    tell(watches.get(watches.size() - 1), known);
                }
            }

            @Override
            public void close() {
                watches.removeIf(each -> each.by() == process);
            }
        };
    }

    /** What listens at an address came or went. */
    void reachable(String host, int port, boolean now) {
        String address = host + ":" + port;
        up.put(address, now);
        watches.removeIf(each -> each.by().dead());
        for (Watch each : watches) {
            if (each.address().equals(address)) {
                tell(each, now);
            }
        }
    }

    private void tell(Watch watch, boolean now) {
        world.schedule(watch.by(), CLOSING_NANOS, () -> watch.listener().onReachability(watch.nodeId(), now));
    }
}
