package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.process.TreeDump.Image;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever arrives at the client ports, in whatever state a connection is: the servers live, agree, keep nothing of it, and
 * serve everybody else. Goes on for about a minute; {@code -Dtroupe.test.fuzz.frames=N} makes it go on until N frames
 * were sent, {@code -Dtroupe.test.fuzz.seed=N} repeats the bytes of a run.
 */
class PortFuzzTest {
    private static final long FRAMES = Long.getLong("troupe.test.fuzz.frames", 0);
    private static final long SEED = Long.getLong("troupe.test.fuzz.seed", new Random().nextInt(Integer.MAX_VALUE));

    private static final int WARM_UP_SECONDS = 10;
    private static final int SECONDS = 25;
    private static final int LOCAL_SECONDS = 10;
    private static final int READ_ONLY_SECONDS = 8;

    /** Longest that a session of a fuzzer lives on, and a busy host takes to notice. */
    private static final Duration SETTLED = Duration.ofSeconds(60);

    /** Nodes that fuzzers may leave behind. */
    private static final int MOST_NODES = 1_000;

    /** What logs, snapshots and peers may take more than at first. */
    private static final int MORE_DESCRIPTORS = 10;

    /** Some bytes for each frame would be many times this. */
    private static final long MORE_HEAP_BYTES = 16 << 20;

    private static final List<ACL> READ_ONLY = everybody(Perms.READ);

    /**
     * Buffers that nobody releases are told of in the log, and a few hundred of them end the memory for them. What waits before
     * the request of somebody else is limited as in ZooKeeper: how long it waits is then a matter of stalls.
     */
    private static final List<String> OPTIONS = List.of(
            "-Dtroupe.advanced.clients.outstanding-requests=1000",
            "-Dtroupe.connections-per-address=0",
            // What fuzzers leave behind is gone sooner.
            "-Dtroupe.max-session-timeout=12s",
            "-Dio.netty.leakDetection.level=simple",
            "-Dio.netty.leakDetection.samplingInterval=1",
            "-Dio.netty.maxDirectMemory=67108864");

    @TempDir
    private static Path directory;

    @Test
    void nobodyElseNoticesAClientThatKeepsNoRule() throws Exception {
        Certificates certificates = new Certificates(directory);
        Path keys = certificates.make("server.p12", "CN=server");
        Path password = Files.writeString(directory.resolve("password"), Certificates.PASSWORD);
        Path jaas = Files.writeString(directory.resolve("jaas.conf"), """
                Server {
                  org.apache.zookeeper.server.auth.DigestLoginModule required user_bob="secret";
                };
                """);
        List<String> options = List.of(
                "-Djava.security.auth.login.config=" + jaas,
                "-Dtroupe.auth.providers=sasl",
                "-Dtroupe.tls.client-port-too=true",
                "-Dtroupe.tls.key-store=" + keys,
                "-Dtroupe.tls.key-store-password-file=" + password,
                "-Dtroupe.tls.client-auth=none");
        try (EnsembleProcesses ensemble = start(options)) {
            Map<String, Image> before = prepare(ensemble);
            List<Canary> canaries = canaries(ensemble);
            FuzzRun run = new FuzzRun(ensemble.servers(), sessions(canaries), believing(keys), false);
            fuzz(run, WARM_UP_SECONDS, 0, canaries);
            List<Footprint> small = settled(ensemble, canaries.size());
            fuzz(run, SECONDS, FRAMES * 8 / 10, canaries);
            List<Footprint> footprints = settled(ensemble, canaries.size());

            assertNothingKept(ensemble, small, footprints);
            for (Canary each : canaries) {
                each.assertUndisturbed();
                each.close();
            }
            assertSound(ensemble, before);
        }
    }

    @Test
    void norWhereSessionsAreLocalAndServersHaveNoLeader() throws Exception {
        List<String> options = List.of("-Dtroupe.local-sessions=true", "-Dtroupe.read-only-mode=true");
        try (EnsembleProcesses ensemble = start(options)) {
            Map<String, Image> before = prepare(ensemble);
            List<Canary> canaries = canaries(ensemble);
            FuzzRun run = new FuzzRun(ensemble.servers(), sessions(canaries), null, false);
            fuzz(run, LOCAL_SECONDS, FRAMES / 10, canaries);
            settled(ensemble, canaries.size());
            for (Canary each : canaries) {
                each.assertUndisturbed();
                each.close();
            }

            ServerProcess left = ensemble.server(1);
            ensemble.server(2).kill();
            ensemble.server(3).kill();
            await("read-only")
                    .atMost(EnsembleProcesses.PATIENCE)
                    .until(() -> left.mode().filter("read-only"::equals).isPresent());
            fuzzWithoutLeader(left, sessions(canaries));
            ensemble.startAll();
            assertSound(ensemble, before);
        }
    }

    private static void fuzzWithoutLeader(ServerProcess left, List<Long> sessions) throws Exception {
        EventLog events = new EventLog();
        try (OfficialClient reader =
                OfficialClient.contentWithReading(left.address().clientAddress(), 10_000, events)) {
            reader.awaitConnected();
            FuzzRun run = new FuzzRun(List.of(left), sessions, null, true);
            report(run.during(READ_ONLY_SECONDS, FRAMES / 10, SEED, () -> reader.getData("/closed", false, null)));
            assertThat(events.states()).hasSize(1);
        }
    }

    private static EnsembleProcesses start(List<String> options) {
        List<String> all = Stream.concat(OPTIONS.stream(), options.stream()).toList();
        EnsembleProcesses ensemble = EnsembleProcesses.prepare(
                new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.TEST.with(all)), 3);
        ensemble.startAll();
        return ensemble;
    }

    private static List<ACL> everybody(int permissions) {
        // The client asks whether it contains null, which immutable lists do not answer.
        return Arrays.asList(new ACL(permissions, Ids.ANYONE_ID_UNSAFE));
    }

    private static SSLContext believing(Path keys) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, Certificates.PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Leaves one place where everybody may write a little, and answers the rest of the tree. */
    private static Map<String, Image> prepare(EnsembleProcesses ensemble) throws Exception {
        ServerProcess server = ensemble.server(1);
        try (OfficialClient admin = Canary.authenticated(server)) {
            admin.addAuthInfo("digest", "super:admin".getBytes(UTF_8));
            admin.create(Canary.HOME, new byte[0], Canary.acl(), CreateMode.PERSISTENT);
            admin.create("/closed", "precious".getBytes(UTF_8), READ_ONLY, CreateMode.PERSISTENT);
            admin.create("/closed/a", new byte[] {1}, Canary.acl(), CreateMode.PERSISTENT);
            // Nobody may close it to the others.
            List<ACL> open = everybody(Perms.ALL & ~Perms.ADMIN);
            admin.create(FuzzRequests.OPEN, new byte[0], open, CreateMode.PERSISTENT);
            String quota =
                    admin.create("/zookeeper/quota" + FuzzRequests.OPEN, new byte[0], READ_ONLY, CreateMode.PERSISTENT);
            String limits = "count=-1,bytes=-1=;byteHardLimit=" + (4 << 20) + ";countHardLimit=" + MOST_NODES;
            admin.create(quota + "/zookeeper_stats", new byte[0], READ_ONLY, CreateMode.PERSISTENT);
            admin.create(quota + "/zookeeper_limits", limits.getBytes(UTF_8), READ_ONLY, CreateMode.PERSISTENT);
            for (String path : List.of("/", "/zookeeper", "/zookeeper/quota")) {
                admin.setACL(path, READ_ONLY, -1);
            }
        }
        return TreeDump.of(server, PortFuzzTest::isClosed);
    }

    /** Where nobody but the administrator writes. Elsewhere the server itself goes on removing containers. */
    private static boolean isClosed(String path) {
        return !path.startsWith(FuzzRequests.OPEN)
                && !path.startsWith("/zookeeper/quota" + FuzzRequests.OPEN)
                && !path.startsWith(Canary.HOME);
    }

    private static List<Canary> canaries(EnsembleProcesses ensemble) throws Exception {
        List<Canary> canaries = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            canaries.add(new Canary(server));
        }
        return canaries;
    }

    private static List<Long> sessions(List<Canary> canaries) {
        return canaries.stream().map(Canary::session).toList();
    }

    private static void fuzz(FuzzRun run, long seconds, long frames, List<Canary> canaries) throws Exception {
        var counts = run.during(seconds, frames, SEED, () -> {
            for (Canary each : canaries) {
                each.round();
            }
        });
        report(counts);
        System.out.println("slowest operations of the others: "
                + canaries.stream().map(each -> each.slowestMillis() + " ms").toList());
    }

    private static void report(Map<FrameFuzzer.State, Long> counts) {
        long sum = counts.values().stream().mapToLong(Long::longValue).sum();
        System.out.println("-Dtroupe.test.fuzz.seed=" + SEED + ": " + sum + " frames " + counts);
    }

    /** What the servers hold when all fuzzers and their sessions are gone. */
    private static List<Footprint> settled(EnsembleProcesses ensemble, int sessions) {
        List<Footprint> footprints = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            await("server " + server.id() + " is left with its own clients")
                    .atMost(SETTLED)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> isAlone(FourLetterWord.monitor(server.address().clientPort()), sessions));
            footprints.add(Footprint.of(server));
        }
        System.out.println(footprints);
        return footprints;
    }

    /** With its canary, and the one that asks. */
    private static boolean isAlone(Map<String, String> monitor, int sessions) {
        long known = Footprint.number(monitor, "zk_global_sessions") + Footprint.number(monitor, "zk_local_sessions");
        return Footprint.number(monitor, "zk_num_alive_connections") == 2
                && known == sessions
                && Footprint.number(monitor, "zk_outstanding_requests") == 0;
    }

    private static void assertNothingKept(EnsembleProcesses ensemble, List<Footprint> before, List<Footprint> after) {
        for (int i = 0; i < before.size(); i++) {
            Footprint then = before.get(i);
            Footprint now = after.get(i);
            assertThat(now.descriptors()).isLessThanOrEqualTo(then.descriptors() + MORE_DESCRIPTORS);
            ServerProcess server = ensemble.servers().get(i);
            assertThat(now.heapBytes())
                    .as(() -> Footprint.greatestClasses(server))
                    .isLessThanOrEqualTo(then.heapBytes() + MORE_HEAP_BYTES);
            assertThat(now.watches()).isEqualTo(then.watches());
        }
    }

    private static void assertSound(EnsembleProcesses ensemble, Map<String, Image> before) throws Exception {
        assertThat(ensemble.servers()).allMatch(ServerProcess::isAlive);
        await("all servers report the same tree")
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> fingerprints(ensemble).size() == 1);
        for (ServerProcess server : ensemble.servers()) {
            assertThat(TreeDump.of(server, PortFuzzTest::isClosed)).isEqualTo(before);
        }
        assertThat(errors(ensemble)).isEmpty();
    }

    private static Set<String> fingerprints(EnsembleProcesses ensemble) throws IOException {
        Set<String> reports = new TreeSet<>();
        for (ServerProcess server : ensemble.servers()) {
            var monitor = FourLetterWord.monitor(server.address().clientPort());
            reports.add(monitor.get("zk_troupe_zxid") + " " + monitor.get("zk_troupe_digest"));
        }
        return reports;
    }

    /** What a client sends is never an error of the server's. */
    private static List<String> errors(EnsembleProcesses ensemble) throws IOException {
        List<String> errors = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            try (var lines = Files.lines(server.address().log())) {
                lines.filter(line ->
                                line.contains(" ERROR ") || line.startsWith("\tat ") || line.startsWith("Caused by:"))
                        .limit(10)
                        .forEach(errors::add);
            }
        }
        return errors;
    }
}
