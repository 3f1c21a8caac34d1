package io.troupe.app.doctor;

import io.troupe.node.NodeSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The disk that every write waits for. */
final class DiskCheck implements Check {
    private static final String DISK = "disk";
    private static final String SPEED = "disk speed";
    private static final String ROOM = "disk room";
    private static final int TIMES = 100;
    private static final long SLOW_MICROS = 10_000;
    private static final long TOO_SLOW_MICROS = 100_000;
    private static final long LITTLE = 1L << 30;
    private static final Set<String> REMOTE =
            Set.of("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "ceph", "glusterfs");

    @Override
    public List<Finding> examine(Subject subject, Surroundings around) {
        NodeSettings node = subject.settings().node();
        Path directory = Path.of(node.dataDir()).toAbsolutePath();
        List<Finding> findings = new ArrayList<>();
        try {
            Surroundings.Volume volume = around.volume(directory);
            if (!volume.writable()) {
                return List.of(Finding.fail(
                        DISK,
                        volume.directory() + " cannot be written by this user",
                        "run this as the user of the node, or let that user write troupe.data-dir"));
            }
            findings.add(fileSystem(volume.directory(), around));
            findings.add(room(volume, node.log().reserveBytes()));
            findings.add(speed(around.syncMicros(volume.directory(), TIMES)));
        } catch (IOException e) {
            findings.add(Finding.fail(
                    DISK, directory + ": " + e, "correct troupe.data-dir, or see what is wrong with the disk"));
        }
        return findings;
    }

    private static Finding fileSystem(Path directory, Surroundings around) {
        Optional<String[]> mount =
                mount(directory, around.text("/proc/self/mounts").orElse(""));
        if (mount.isEmpty()) {
            return Finding.ok(DISK, directory + ", of a file system that is not known");
        }
        String type = mount.get()[2];
        String seen = directory + " is on " + type + ", mounted at " + mount.get()[1];
        if (type.equals("tmpfs") || type.equals("ramfs")) {
            return Finding.fail(DISK, seen, "nothing there survives a restart of the host; choose a disk");
        }
        if (type.equals("overlay")) {
            return Finding.warn(
                    DISK, seen, "what a container writes there goes with it; mount a volume at troupe.data-dir");
        }
        if (REMOTE.contains(type)) {
            return Finding.warn(DISK, seen, "every write waits for the network twice; use a disk of this host");
        }
        if (List.of(mount.get()[3].split(",", -1)).contains("discard")) {
            return Finding.warn(
                    DISK,
                    seen + " with the option discard",
                    "each file that is deleted holds up writes; mount without it, and have fstrim.timer do the work");
        }
        return Finding.ok(DISK, seen);
    }

    /** Device, place, type and options; of several the one nearest to the directory, and of these the latest. */
    private static Optional<String[]> mount(Path directory, String mounts) {
        String[] best = null;
        for (String line : mounts.lines().toList()) {
            String[] fields = line.split(" ", -1);
            if (fields.length >= 4
                    && directory.startsWith(fields[1])
                    && (best == null || fields[1].length() >= best[1].length())) {
                best = fields;
            }
        }
        return Optional.ofNullable(best);
    }

    private static Finding room(Surroundings.Volume volume, long reserve) {
        String seen = mebibytes(volume.usable()) + " are free, " + mebibytes(reserve) + " are kept in reserve";
        if (volume.usable() < reserve) {
            return Finding.fail(ROOM, seen, "make room: the node refuses writes, or does not start at all");
        }
        return volume.usable() < Math.max(LITTLE, 4 * reserve)
                ? Finding.warn(
                        ROOM, seen, "make room: three snapshots and the log between them must fit, docs/operations.md")
                : Finding.ok(ROOM, seen);
    }

    private static Finding speed(List<Long> micros) {
        List<Long> sorted = micros.stream().sorted().toList();
        long median = sorted.get(sorted.size() / 2);
        long slowest = sorted.get(sorted.size() * 99 / 100);
        String seen = String.format(
                Locale.ROOT,
                "a sync of 4 KiB takes %.2f ms, the slowest of %d %.1f ms",
                median / 1_000.0,
                micros.size(),
                slowest / 1_000.0);
        String advice =
                "every write waits for one: use an SSD with a write cache that survives power loss, and nothing else on it";
        if (median > TOO_SLOW_MICROS) {
            return Finding.fail(SPEED, seen, advice);
        }
        return median > SLOW_MICROS || slowest > TOO_SLOW_MICROS
                ? Finding.warn(SPEED, seen, advice)
                : Finding.ok(SPEED, seen);
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
    }
}
