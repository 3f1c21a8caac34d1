package io.troupe.app.doctor;

import io.troupe.node.HttpSettings;
import io.troupe.node.TlsSettings.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A host on which all is well, but for what a test changes. */
class HealthyHost implements Surroundings {
    final Map<String, String> texts = new HashMap<>(Map.of(
            "/proc/meminfo", "MemTotal:       8000000 kB\nSwapTotal:       0 kB\n",
            "/proc/self/limits", "Max processes   4096   4096  processes\nMax open files  65536  65536  files\n",
            "/proc/self/mounts", "/dev/sda1 / ext4 rw,relatime 0 0\n",
            "/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n"));
    final Map<String, String> addresses = new HashMap<>();
    final Map<String, String> words = new HashMap<>();
    final Map<String, Answer> answers = new HashMap<>();
    final Map<String, Reach> reaches = new HashMap<>();
    final Map<Integer, Holder> holders = new HashMap<>();
    final List<Validity> validities = new ArrayList<>();
    Set<PosixFilePermission> permissions = Set.of(PosixFilePermission.OWNER_READ);
    Volume volume = new Volume(Path.of("/var/lib/troupe"), 100L << 30, true);
    List<Long> micros = Collections.nCopies(100, 500L);
    long snapshotBytes;
    long heap = 1L << 30;
    int java = 17;

    @Override
    public Optional<String> text(String path) {
        return Optional.ofNullable(texts.get(path));
    }

    @Override
    public Optional<Set<PosixFilePermission>> permissions(Path file) {
        return Optional.of(permissions);
    }

    @Override
    public Volume volume(Path directory) throws IOException {
        return volume;
    }

    @Override
    public List<Long> syncMicros(Path directory, int times) {
        return micros;
    }

    @Override
    public long snapshotBytes(Path directory) {
        return snapshotBytes;
    }

    @Override
    public Reach connect(String host, int port) {
        return reaches.getOrDefault(host, Reach.OPEN);
    }

    @Override
    public Optional<String> listenProblem(String host, int port) {
        return holders.containsKey(port) ? Optional.of("Address already in use") : Optional.empty();
    }

    @Override
    public Optional<Holder> holder(int port) {
        return Optional.ofNullable(holders.get(port));
    }

    @Override
    public Optional<String> resolve(String host) {
        return Optional.ofNullable(addresses.get(host));
    }

    @Override
    public boolean isLocal(String address) {
        return address.startsWith("127.") || address.equals("10.0.0.1");
    }

    @Override
    public Optional<String> word(String host, int port, String word) {
        return Optional.ofNullable(words.get(host));
    }

    @Override
    public Optional<Answer> http(String host, int port, String path) {
        return Optional.ofNullable(answers.get(host + path));
    }

    @Override
    public Optional<Answer> node(HttpSettings http, String path) {
        return http("127.0.0.1", http.port(), path);
    }

    @Override
    public List<Validity> certificates(Store store) {
        return validities;
    }

    @Override
    public Instant now() {
        return Instant.parse("2026-06-01T00:00:00Z");
    }

    @Override
    public long maxHeapBytes() {
        return heap;
    }

    @Override
    public int javaVersion() {
        return java;
    }

    @Override
    public String javaName() {
        return "Java " + java;
    }
}
