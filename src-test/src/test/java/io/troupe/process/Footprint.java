package io.troupe.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a server holds at a moment.
 *
 * @param heapBytes live objects, after a full collection
 * @param directBytes buffers outside the heap
 * @param residentBytes of the whole process, before that collection
 * @param descriptors open files and sockets
 * @param connections of clients, the one that asks included
 * @param sessions of clients, of this server alone and of all
 * @param watches of all clients
 * @param outstanding requests that are not answered
 */
public record Footprint(
        long heapBytes,
        long directBytes,
        long residentBytes,
        long descriptors,
        long connections,
        long sessions,
        long watches,
        long outstanding) {
    private static final int GREATEST = 30;
    /** The serial collector leaves gaps, which count as arrays, but for every fourth full collection. */
    private static final int COLLECTIONS = 4;

    /** Of a running server; collects its garbage. */
    public static Footprint of(ServerProcess server) {
        try {
            Map<String, String> monitor =
                    FourLetterWord.monitor(server.address().clientPort());
            long resident = residentBytes(server.pid());
            return new Footprint(
                    liveBytes(server.pid()),
                    number(monitor, "zk_troupe_direct_memory_bytes"),
                    resident,
                    number(monitor, "zk_open_file_descriptor_count"),
                    number(monitor, "zk_num_alive_connections"),
                    number(monitor, "zk_global_sessions") + number(monitor, "zk_local_sessions"),
                    number(monitor, "zk_watch_count"),
                    number(monitor, "zk_outstanding_requests"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A number of {@code mntr}; below 0 where it shows none. */
    static long number(Map<String, String> monitor, String key) {
        return Long.parseLong(monitor.getOrDefault(key, "-1"));
    }

    /** What the system has given the process, as "VmRSS: 1234 kB". */
    private static long residentBytes(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .map(kibibytes -> kibibytes << 10)
                    .findFirst()
                    .orElse(0);
        }
    }

    private static long liveBytes(long pid) throws IOException {
        long least = Long.MAX_VALUE;
        for (int collection = 0; collection < COLLECTIONS; collection++) {
            least = Math.min(least, collectedBytes(pid));
        }
        return least;
    }

    /** The last line of a histogram of all classes is the sum: "Total", objects, bytes. */
    private static long collectedBytes(long pid) throws IOException {
        List<String> lines = histogram(pid);
        String[] total = lines.get(lines.size() - 1).trim().split("\\s+", -1);
        return Long.parseLong(total[2]);
    }

    /** The classes whose live objects take most of a server's heap, for a failure's report. */
    public static String greatestClasses(ServerProcess server) {
        try {
            return histogram(server.pid()).stream().limit(GREATEST).collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> histogram(long pid) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Path output = Files.createTempFile("histogram", ".txt");
        try {
            int status = new ProcessBuilder(List.of(jcmd, Long.toString(pid), "GC.class_histogram"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();
            List<String> lines = Files.readAllLines(output);
            if (status != 0 || lines.isEmpty()) {
                throw new IOException("jcmd failed: " + lines);
            }
            return lines;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Files.delete(output);
        }
    }
}
