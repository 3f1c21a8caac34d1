package io.troupe.app.zookeeper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one ZooKeeper server, in its {@code dataDir} and, where it has one, its {@code dataLogDir} (contract 8.1).
 *
 * @param snapshots newest first
 * @param logs oldest first
 * @param acceptedEpoch the greatest epoch the server has promised to a leader; empty where no file says so
 * @param currentEpoch the epoch whose history it holds; empty where no file says so
 */
record DataFiles(List<DataFile> snapshots, List<DataFile> logs, OptionalLong acceptedEpoch, OptionalLong currentEpoch) {
    private static final Pattern SNAPSHOT = Pattern.compile("snapshot\\.([0-9a-f]{1,16})(\\.gz|\\.snappy)?");
    private static final Pattern LOG = Pattern.compile("log\\.([0-9a-f]{1,16})");
    private static final String VERSION = "version-2";

    /** A snapshot or a log, with the zxid in its name. */
    record DataFile(Path path, long zxid) {}

    /**
     * Finds them.
     *
     * @param directories each with a {@code version-2} in it, or one itself
     * @throws MoveException when a directory cannot be read, or there is nothing of ZooKeeper's in any
     */
    static DataFiles in(List<Path> directories) throws MoveException {
        Set<Path> places = new LinkedHashSet<>();
        for (Path directory : directories) {
            if (!Files.isDirectory(directory)) {
                throw new MoveException(
                        directory + " is no directory; name the dataDir of zoo.cfg, and its dataLogDir if it has one");
            }
            Path version = directory.resolve(VERSION);
            places.add((Files.isDirectory(version) ? version : directory)
                    .toAbsolutePath()
                    .normalize());
        }
        List<DataFile> snapshots = new ArrayList<>();
        List<DataFile> logs = new ArrayList<>();
        OptionalLong accepted = OptionalLong.empty();
        OptionalLong current = OptionalLong.empty();
        for (Path place : places) {
            for (Path file : list(place)) {
                add(file, SNAPSHOT, snapshots);
                add(file, LOG, logs);
            }
            accepted = max(accepted, epoch(place.resolve("acceptedEpoch")));
            // Written, but not yet renamed, when the server was killed: it counts (contract 8.1).
            current = max(current, max(epoch(place.resolve("currentEpoch")), epoch(place.resolve("currentEpoch.tmp"))));
        }
        if (snapshots.isEmpty() && logs.isEmpty()) {
            throw new MoveException("there are no snapshots and no logs of ZooKeeper in " + places
                    + "; name the dataDir of zoo.cfg, and its dataLogDir if it has one");
        }
        snapshots.sort((a, b) -> Long.compareUnsigned(b.zxid(), a.zxid()));
        logs.sort((a, b) -> Long.compareUnsigned(a.zxid(), b.zxid()));
        return new DataFiles(List.copyOf(snapshots), List.copyOf(logs), accepted, current);
    }

    private static List<Path> list(Path directory) throws MoveException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        } catch (IOException e) {
            throw new MoveException(directory + " cannot be read (" + e + "); run this as the user that owns it", e);
        }
    }

    private static void add(Path file, Pattern pattern, List<DataFile> target) {
        Matcher name = pattern.matcher(file.getFileName().toString());
        if (name.matches()) {
            target.add(new DataFile(file, Long.parseUnsignedLong(name.group(1), 16)));
        }
    }

    private static OptionalLong epoch(Path file) throws MoveException {
        if (!Files.isRegularFile(file)) {
            return OptionalLong.empty();
        }
        try {
            long epoch = Long.parseLong(
                    Files.readString(file, StandardCharsets.UTF_8).strip());
            if (epoch < 0 || epoch >= 1L << 31) {
                throw new NumberFormatException(epoch + " is outside 0.." + ((1L << 31) - 1));
            }
            return OptionalLong.of(epoch);
        } catch (IOException | NumberFormatException e) {
            throw new MoveException(
                    file + " holds no epoch (" + e.getMessage()
                            + "): use the directory of another server of the ensemble, whose file is whole",
                    e);
        }
    }

    private static OptionalLong max(OptionalLong a, OptionalLong b) {
        return a.isPresent() && b.isPresent()
                ? OptionalLong.of(Math.max(a.getAsLong(), b.getAsLong()))
                : a.isPresent() ? a : b;
    }
}
