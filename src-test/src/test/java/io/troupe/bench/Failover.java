package io.troupe.bench;

import static io.troupe.bench.Bound.ratioAtMost;
import static io.troupe.bench.Bound.valueAtMost;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.util.List;
import java.util.Map;

/** The leader goes while 30 clients write through all servers: how long does no write succeed? */
enum Failover implements EnsembleScenario {
    /** Killed: kill -9. */
    FAILOVER_KILL,
    /** Hung: SIGSTOP. */
    FAILOVER_STOP,
    /** Stopped as planned: SIGTERM. */
    FAILOVER_TERM;

    private static final int TIMES = 3;

    private void fault(ServerProcess server) {
        switch (this) {
            case FAILOVER_KILL -> server.kill();
            case FAILOVER_STOP -> server.pause();
            case FAILOVER_TERM -> server.terminate();
        }
    }

    private void repair(ServerProcess server) {
        if (this == FAILOVER_STOP) {
            server.resume();
        } else {
            server.start();
        }
    }

    @Override
    public String title() {
        return Scenario.titled(name());
    }

    @Override
    public String words() {
        return switch (this) {
            case FAILOVER_KILL -> "leader killed (kill -9), 30 writers on all servers";
            case FAILOVER_STOP -> "leader hung (SIGSTOP), 30 writers on all servers";
            case FAILOVER_TERM -> "planned stop of the leader (SIGTERM), 30 writers on all servers";
        };
    }

    @Override
    public List<Target> targets() {
        return switch (this) {
            case FAILOVER_KILL -> List.of(new Target(Outage.GAP, ratioAtMost(1.0 / 3), valueAtMost(150)));
            case FAILOVER_STOP -> List.of(new Target(Outage.GAP, ratioAtMost(0.125), valueAtMost(800)));
            case FAILOVER_TERM ->
                List.of(
                        new Target(Outage.GAP, valueAtMost(100), valueAtMost(20)),
                        new Target(Outage.FAILED_ELSEWHERE, valueAtMost(0), valueAtMost(0)));
        };
    }

    @Override
    public List<Map<String, Double>> measure(EnsembleProcesses ensemble, long point, Pace pace)
            throws InterruptedException {
        return Outage.measure(ensemble, TIMES, this::fault, this::repair);
    }
}
