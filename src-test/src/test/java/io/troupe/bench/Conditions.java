package io.troupe.bench;

import io.troupe.process.ServerProgram;
import io.troupe.process.TroupeProgram;
import io.troupe.process.Tuning;
import io.troupe.process.ZooKeeperProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What servers of both systems are started with. Everything else is as each is shipped.
 *
 * @param servers of the ensemble
 * @param heapMebibytes of each server, from the start
 * @param snapshotEvery requests between two snapshots
 * @param requestBytes the largest request, 0 for what each ships with: about 1 MiB for both
 * @param crowd whether one address may hold any number of connections; otherwise what each ships with (60; none for
 *     ZooKeeper here, whose tests need that)
 */
record Conditions(int servers, int heapMebibytes, int snapshotEvery, int requestBytes, boolean crowd) {
    /** Three servers, 512 MiB each, snapshots every 100,000 requests. */
    static final Conditions USUAL = new Conditions(3, 512, 100_000, 0, false);

    private static final int TICK_MILLIS = 2_000;

    /** What a JVM needs besides its heap. */
    private static final int OVERHEAD_MEBIBYTES = 300;

    Conditions withServers(int count) {
        return new Conditions(count, heapMebibytes, snapshotEvery, requestBytes, crowd);
    }

    Conditions withHeap(int mebibytes) {
        return new Conditions(servers, mebibytes, snapshotEvery, requestBytes, crowd);
    }

    Conditions withSnapshotEvery(int requests) {
        return new Conditions(servers, heapMebibytes, requests, requestBytes, crowd);
    }

    Conditions withRequestsUpTo(int bytes) {
        return new Conditions(servers, heapMebibytes, snapshotEvery, bytes, crowd);
    }

    Conditions withCrowd() {
        return new Conditions(servers, heapMebibytes, snapshotEvery, requestBytes, true);
    }

    /** How servers of a system are started under these conditions. */
    ServerProgram program(Contender contender) {
        List<String> options = new ArrayList<>(List.of("-Xms" + heapMebibytes + "m", "-Xmx" + heapMebibytes + "m"));
        boolean troupe = contender == Contender.TROUPE;
        if (crowd && troupe) {
            options.add("-Dtroupe.connections-per-address=0");
        }
        if (requestBytes > 0) {
            options.add((troupe ? "-Dtroupe.max-request-size=" : "-Djute.maxbuffer=") + requestBytes);
        }
        Tuning tuning = new Tuning(options, snapshotEvery, TICK_MILLIS);
        return troupe ? new TroupeProgram(TroupeProgram.packagedDistribution(), tuning) : new ZooKeeperProgram(tuning);
    }

    /** In what they differ from the usual ones; empty where they do not. */
    String remarks() {
        List<String> remarks = new ArrayList<>();
        if (servers != USUAL.servers) {
            remarks.add(servers + " servers");
        }
        if (heapMebibytes != USUAL.heapMebibytes) {
            remarks.add("heap " + heapMebibytes + " MiB");
        }
        if (snapshotEvery != USUAL.snapshotEvery) {
            remarks.add("snapshots every " + Numbers.shown(snapshotEvery) + " requests");
        }
        if (requestBytes > 0) {
            remarks.add("limit of a request raised to " + Numbers.shown(requestBytes) + " B for both");
        }
        if (crowd) {
            remarks.add("no limit of connections per address for both");
        }
        return String.join(", ", remarks);
    }

    /**
     * Fails where this host has not the memory, rather than let it swap.
     *
     * @throws IllegalStateException that says what to do
     */
    void checkMemory() throws IOException {
        long needed = (long) servers * (heapMebibytes + OVERHEAD_MEBIBYTES);
        long available = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElse(Long.MAX_VALUE);
        if (available < needed) {
            throw new IllegalStateException("needs " + needed + " MiB of memory and " + available
                    + " are free: run it on a larger host, or end what else runs here");
        }
    }
}
