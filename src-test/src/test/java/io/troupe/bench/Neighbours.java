package io.troupe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** How much of the host's processor time goes to processes that are neither this tool nor servers that it has started and ended. */
final class Neighbours {
    /** Name of the figure. */
    static final String SHARE = "taken by other processes, % of the host";

    private static final double TICKS_PER_SECOND = 100;

    /** In the line of all processors: user, nice, system; idle and waiting are left out; interrupts, stolen. */
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

    /** Of this process, behind its name: user and system, and the same of its children that have ended. */
    private static final int[] OWN = {11, 12, 13, 14};

    private final double others;
    private final long since = System.nanoTime();

    private Neighbours() throws IOException {
        others = othersSeconds();
    }

    /** From now on. */
    static Neighbours watch() throws IOException {
        return new Neighbours();
    }

    /** Their share since then, in percent of all processors. */
    double percent() throws IOException {
        double available =
                (System.nanoTime() - since) / 1e9 * Runtime.getRuntime().availableProcessors();
        return Math.max(0, Math.rint(100 * (othersSeconds() - others) / available));
    }

    private static double othersSeconds() throws IOException {
        String all = Files.readAllLines(Path.of("/proc/stat")).get(0);
        String own = Files.readString(Path.of("/proc/self/stat"));
        return (sum(all.split("\\s+", -1), BUSY)
                        - sum(own.substring(own.lastIndexOf(')') + 2).split(" ", -1), OWN))
                / TICKS_PER_SECOND;
    }

    private static long sum(String[] fields, int[] places) {
        return Arrays.stream(places)
                .mapToLong(place -> Long.parseLong(fields[place]))
                .sum();
    }
}
