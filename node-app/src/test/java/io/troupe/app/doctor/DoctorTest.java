package io.troupe.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.troupe.app.command.DoctorCommand;
import io.troupe.app.doctor.Finding.Severity;
import io.troupe.app.doctor.Surroundings.Answer;
import io.troupe.app.doctor.Surroundings.Holder;
import io.troupe.app.doctor.Surroundings.Reach;
import io.troupe.app.doctor.Surroundings.Validity;
import io.troupe.app.doctor.Surroundings.Volume;
import io.troupe.env.system.SystemClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each examination finds what it is made for, says what to do, and finds nothing where all is well. */
class DoctorTest {
    private static final String SERVES = "Zookeeper version: 3.9\nZxid: 0x10000%s\nMode: %s\n";

    @TempDir
    private Path directory;

    private final HealthyHost host = new HealthyHost();
    private Path configuration;

    @BeforeEach
    void threeNodes() throws IOException {
        configure("");
        for (int i = 1; i <= 3; i++) {
            host.addresses.put("node" + i, "10.0.0." + i);
            host.words.put("node" + i, SERVES.formatted("1000", i == 2 ? "leader" : "follower"));
            host.answers.put("node" + i + "/livez", new Answer(200, "alive", Optional.of(10L)));
        }
    }

    private void configure(String more) throws IOException {
        configuration = Files.writeString(directory.resolve("application.conf"), """
                akka.cluster.seed-nodes = ["akka://troupe@node1:2551", "akka://troupe@node2:2551", "akka://troupe@node3:2551"]
                troupe { host = node1, peer-port = 2551, data-dir = "/var/lib/troupe", peer-tls.secret-file = "%s" }
                %s
                """.formatted(secret(), more));
    }

    private Path secret() throws IOException {
        return Files.writeString(directory.resolve("secret"), "0123456789abcdef0123456789abcdef0123456789abcdef");
    }

    private List<Finding> examine() {
        return new Doctor(host).examine(configuration);
    }

    private Finding found(String check) {
        return examine().stream()
                .filter(finding -> finding.check().equals(check))
                .max((a, b) -> a.severity().compareTo(b.severity()))
                .orElseThrow(() -> new AssertionError("nothing about " + check + " in " + examine()));
    }

    private void assertWarns(String check, String seen, String advice) {
        assertFinds(Severity.WARN, check, seen, advice);
    }

    private void assertFails(String check, String seen, String advice) {
        assertFinds(Severity.FAIL, check, seen, advice);
    }

    private void assertFinds(Severity severity, String check, String seen, String advice) {
        Finding finding = found(check);
        assertThat(finding.severity()).as("%s", finding).isEqualTo(severity);
        assertThat(finding.seen()).contains(seen);
        assertThat(finding.advice()).contains(advice);
    }

    @Test
    void whereAllIsWellNothingIsAdvised() {
        assertThat(examine())
                .allMatch(finding ->
                        finding.severity() == Severity.OK && finding.advice().isEmpty());
        assertThat(found("quorum").seen()).isEqualTo("3 of 3 voters serve, 2 are needed; node 2 leads");
    }

    @Test
    void aConfigurationThatIsNotUnderstood() throws IOException {
        configure("troupe.client-prot = 1");
        assertFails("configuration", "client-prot", "correct");
    }

    // ---- host ----

    @Test
    void anOldJava() {
        host.java = 11;
        assertFails("Java", "Java 11", "17");
    }

    @Test
    void fewFilesOfTheNodeThatRuns() {
        host.holders.put(2551, new Holder(7, "java -cp lib io.troupe.app.Main server f"));
        host.texts.put("/proc/7/limits", "Max open files            1024       4096   files\n");
        assertWarns("limits", "nofile 1024", "LimitNOFILE");
    }

    @Test
    void moreHeapThanMemory() {
        host.heap = 16L << 30;
        assertFails("memory", "heap up to 16,384 MiB", "-Xmx");
        host.heap = 6L << 30;
        host.texts.put("/sys/fs/cgroup/memory.max", Long.toString(7L << 30));
        assertWarns("memory", "of 7,168 MiB", "-Xmx");
    }

    @Test
    void aTreeThatOutgrowsItsHeap() {
        host.snapshotBytes = 500L << 20;
        assertWarns("memory", "snapshot has 500 MiB", "raise -Xmx");
    }

    @Test
    void swapAndHugePages() {
        host.texts.put("/proc/meminfo", "MemTotal:  8000000 kB\nSwapTotal:  1000000 kB\n");
        assertWarns("swap", "swappiness 60", "vm.swappiness");
        host.texts.put("/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
        assertWarns("huge pages", "off", "madvise");
    }

    // ---- disk ----

    @Test
    void fileSystemsThatAreNoDisk() {
        host.texts.put("/proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\ntmpfs /var tmpfs rw 0 0\n");
        assertFails("disk", "tmpfs, mounted at /var", "disk");
        host.texts.put("/proc/self/mounts", "overlay / overlay rw 0 0\n");
        assertWarns("disk", "overlay", "volume");
        host.texts.put("/proc/self/mounts", "/dev/sda1 / ext4 rw,discard 0 0\n");
        assertWarns("disk", "discard", "fstrim");
    }

    @Test
    void aDirectoryOfSomebodyElse() {
        host.volume = new Volume(Path.of("/var/lib/troupe"), 1, false);
        assertFails("disk", "cannot be written", "user");
    }

    @Test
    void littleRoom() {
        host.volume = new Volume(Path.of("/var/lib/troupe"), 700L << 20, true);
        assertWarns("disk room", "700 MiB", "make room");
        host.volume = new Volume(Path.of("/var/lib/troupe"), 1 << 20, true);
        assertFails("disk room", "1 MiB", "make room");
    }

    @Test
    void slowSyncs() {
        host.micros = Collections.nCopies(100, 20_000L);
        assertWarns("disk speed", "takes 20.00 ms", "SSD");
        host.micros = Collections.nCopies(100, 200_000L);
        assertFails("disk speed", "takes 200.00 ms", "SSD");
    }

    // ---- network ----

    @Test
    void aNameThatIsNotThisHosts() {
        host.addresses.put("node1", "127.0.1.1");
        assertFails("names", "where no other host reaches it", "/etc/hosts");
        host.addresses.put("node1", "10.9.9.9");
        assertWarns("names", "no address of this host", "troupe.host");
        host.addresses.remove("node1");
        assertFails("names", "has no address", "DNS");
    }

    @Test
    void aPortThatAnotherProgramHas() {
        host.holders.put(2181, new Holder(9, "nginx"));
        assertFails("client port", "process 9 has it: nginx", "choose another port");
    }

    @Test
    void anotherNodeThatIsNotReached() {
        host.reaches.put("node3", Reach.SILENT);
        assertFails("way to node 3", "does not answer", "firewall");
        host.reaches.put("node3", Reach.REFUSED);
        assertWarns("way to node 3", "nobody listens", "start the node");
    }

    @Test
    void anEvenNumberOfVoters() throws IOException {
        Files.writeString(configuration, Files.readString(configuration).replace(", \"akka://troupe@node3:2551\"", ""));
        assertWarns("seed list", "2 voters", "even");
    }

    // ---- the ensemble ----

    @Test
    void noQuorumIsAFailureOnceTheNodeRuns() {
        host.words.keySet().retainAll(Set.of("node1"));
        assertWarns("quorum", "1 of 3 voters serve", "first start");
        host.holders.put(2551, new Holder(7, "java -cp lib io.troupe.app.Main server f"));
        assertFails("quorum", "1 of 3 voters serve", "docs/operations.md");
    }

    @Test
    void aNodeThatLags() {
        host.words.put("node3", SERVES.formatted("0000", "follower"));
        host.words.put("node2", SERVES.formatted("ffff", "leader"));
        assertWarns("quorum", "node 3 is 65535 requests behind", "troupe doctor on its host");
    }

    @Test
    void otherMembersThanTheSeedListNames() {
        host.answers.put("127.0.0.1/api/v1/ensemble", new Answer(200, """
                        {"members": [{"node": 1, "voter": true, "host": "node1", "clientAddress": "node1:2181"},
                                     {"node": 4, "voter": true, "host": "node2", "clientAddress": "node2:2181"}]}
                        """, Optional.empty()));
        assertWarns("members", "voters [1, 4]", "akka.cluster.seed-nodes");
    }

    @Test
    void clocksThatDisagree() {
        host.answers.put("node3/livez", new Answer(200, "alive", Optional.of(-5_000L)));
        assertWarns("clocks", "node 3 by -5000 ms", "chrony");
    }

    // ---- secrets ----

    @Test
    void filesThatEverybodyReads() {
        host.permissions = Set.of(PosixFilePermission.OTHERS_READ);
        assertWarns("secrets", "can read " + directory.resolve("secret"), "chmod");
    }

    @Test
    void certificatesThatEnd() throws IOException {
        configure("""
                troupe { secure-client-port = 2281, tls { key-store = "k.p12", trust-store = "t.pem" } }
                """);
        host.validities.add(new Validity("CN=node1", Instant.parse("2026-06-11T00:00:00Z")));
        assertWarns("certificates", "CN=node1 in k.p12", "without a restart");
        host.validities.add(new Validity("CN=old", Instant.parse("2026-05-11T00:00:00Z")));
        assertFails("certificates", "it has ended", "new one");
    }

    // ---- the command ----

    @Test
    void theStatusIsTheWorstFindingAndJsonSaysTheSame() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream output = new PrintStream(printed, true, StandardCharsets.UTF_8);
        assertThat(new CommandLine(new DoctorCommand(output, host)).execute(configuration.toString()))
                .isZero();
        host.java = 11;
        printed.reset();
        assertThat(new CommandLine(new DoctorCommand(output, host)).execute("--json", configuration.toString()))
                .isEqualTo(2);
        JsonNode report = new ObjectMapper().readTree(printed.toByteArray());
        assertThat(report.path("status").asText()).isEqualTo("fail");
        assertThat(report.path("checks").findValuesAsText("check")).contains("Java", "quorum");
    }

    /** What the fakes above stand for. */
    @Test
    void thisHostCanBeLookedAt() throws IOException {
        try (SystemClock clock = new SystemClock();
                ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SystemSurroundings here = new SystemSurroundings(clock);
            int port = listening.getLocalPort();
            assertThat(here.connect("127.0.0.1", port)).isEqualTo(Reach.OPEN);
            assertThat(here.listenProblem("127.0.0.1", port)).isPresent();
            assertThat(here.holder(port).map(Holder::pid))
                    .contains(ProcessHandle.current().pid());
            assertThat(here.resolve("localhost").map(here::isLocal)).contains(true);
            assertThat(here.volume(directory.resolve("not/there/yet")).directory())
                    .isEqualTo(directory.toRealPath());
            assertThat(here.syncMicros(directory, 3)).hasSize(3);
            assertThat(directory).isDirectoryNotContaining("glob:**.probe");
            assertThat(here.http("127.0.0.1", 1, "/livez")).isEmpty();
        }
    }
}
