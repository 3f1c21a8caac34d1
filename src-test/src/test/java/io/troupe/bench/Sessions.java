package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Opens sessions on all servers of an ensemble in turn. */
final class Sessions {
    /** How long any answer may take. */
    static final int PATIENCE_MILLIS = 60_000;

    /** So many are under way at a time: fewer than any server lets wait in its backlog. */
    private static final int AT_ONCE = 100;

    private Sessions() {}

    static List<LoadConnection> open(EnsembleProcesses ensemble, int count) throws IOException {
        List<LoadConnection> all = new ArrayList<>();
        List<ServerProcess> servers = ensemble.servers();
        try {
            while (all.size() < count) {
                int from = all.size();
                for (int i = from; i < Math.min(count, from + AT_ONCE); i++) {
                    all.add(LoadConnection.dial(servers.get(i % servers.size()).address(), PATIENCE_MILLIS));
                }
                for (LoadConnection each : all.subList(from, all.size())) {
                    each.greeted();
                }
            }
            return all;
        } catch (IOException | RuntimeException e) {
            for (LoadConnection each : all) {
                each.close();
            }
            throw e;
        }
    }
}
