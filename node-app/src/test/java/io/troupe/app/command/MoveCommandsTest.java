package io.troupe.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.troupe.app.zookeeper.SnapshotExport;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.env.system.SystemDisk;
import io.troupe.request.Acl;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.EphemeralOwner;
import io.troupe.tree.state.Session;
import io.troupe.tree.state.ZnodeImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What an operator meets who imports, exports and inspects: reports, refusals and exit statuses. */
class MoveCommandsTest {
    private static final long END = Zxid.of(2, 40);

    @TempDir
    Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();
    private final PrintStream output = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private final PrintStream errors = new PrintStream(complained, true, StandardCharsets.UTF_8);
    private Path zooKeeper;
    private Path troupe;

    @BeforeEach
    void makeDirectories() throws Exception {
        zooKeeper = directory.resolve("zk");
        troupe = directory.resolve("troupe");
        DataTree tree =
                DataTree.founding(new Membership("nobody", 0, List.of(new Member(1, "a", 1, "a", 2, -3)), null));
        tree.putSession(new Session(0x101L, 4_000, 1));
        tree.put("/a", ZnodeImage.created(7, 5, 0, new byte[1234], Acl.READ_ONLY));
        tree.put("/a/e", ZnodeImage.created(8, 5, 0x101L, null, Acl.OPEN));
        tree.put("/a/t", ZnodeImage.created(9, 5, EphemeralOwner.ttl(60_000), null, Acl.OPEN));
        tree.executed(END);
        SnapshotExport.write(tree, 3, zooKeeper);
    }

    private int run(Callable<Integer> command, Object... words) {
        printed.reset();
        complained.reset();
        String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        return new CommandLine(command)
                .setErr(new PrintWriter(errors, true, StandardCharsets.UTF_8))
                .execute(arguments);
    }

    private int imports(Object... words) {
        return run(new ImportCommand(output, errors), words);
    }

    private int exports(Object... words) {
        return run(new ExportCommand(output, errors), words);
    }

    private int inspects(Object... words) {
        return run(new InspectCommand(output, errors), words);
    }

    private String report() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private String complaint() {
        return complained.toString(StandardCharsets.UTF_8);
    }

    private Map<String, List<Byte>> content(Path top) throws IOException {
        Map<String, List<Byte>> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                List<Byte> bytes = new ArrayList<>();
                for (byte b : Files.readAllBytes(file)) {
                    bytes.add(b);
                }
                content.put(top.relativize(file).toString(), bytes);
            }
        }
        return content;
    }

    @Test
    void aDryRunReportsAndWritesNothing() throws IOException {
        Map<String, List<Byte>> before = content(directory);

        assertThat(imports(zooKeeper, "--dry-run")).isZero();

        assertThat(report())
                .contains("Last zxid   0x200000028", "first epoch of the new ensemble is 4", "agrees with ZooKeeper's")
                .contains(
                        "1 ephemeral", "1 with a time to live", "/a (1,234)", "sessions    1", "depth       2, at /a/");
        assertThat(content(directory)).isEqualTo(before);
    }

    @Test
    void importsIntoADirectoryOfItsOwnOnly() throws IOException {
        Map<String, List<Byte>> source = content(zooKeeper);
        assertThat(imports(zooKeeper, "--to", troupe)).isZero();
        assertThat(content(zooKeeper)).isEqualTo(source);
        Map<String, List<Byte>> written = content(troupe);
        assertThat(written).hasSize(1);
        assertThat(written.keySet()).allMatch(name -> name.startsWith("import-0000000300000000-"));

        assertThat(imports(zooKeeper, "--to", troupe)).isEqualTo(1);
        assertThat(complaint()).contains("is not empty");
        assertThat(imports(zooKeeper, "--to", zooKeeper)).isEqualTo(1);
        assertThat(complaint()).contains("is not empty, it holds version-2");
        assertThat(content(troupe)).isEqualTo(written);
        assertThat(content(zooKeeper)).isEqualTo(source);
    }

    @Test
    void leavesNothingBehindWhereItFails() throws IOException {
        Path snapshot = zooKeeper.resolve("version-2/snapshot.200000028");
        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length / 2] ^= 1;
        Files.write(snapshot, bytes);

        assertThat(imports(zooKeeper, "--to", troupe)).isEqualTo(1);

        assertThat(complaint()).contains("no snapshot is whole", "snapshot.200000028", "checksum", "another server");
        assertThat(troupe).doesNotExist();
        assertThat(imports(directory.resolve("nowhere"), "--dry-run")).isEqualTo(1);
        assertThat(complaint()).contains("is no directory; name the dataDir of zoo.cfg");
    }

    @Test
    void asksForWhatIsMissing() {
        assertThat(imports(zooKeeper)).isEqualTo(1);
        assertThat(complaint()).contains("--to DIR", "--dry-run");
        assertThat(imports()).isEqualTo(2);
        assertThat(exports(troupe)).isEqualTo(2);
        assertThat(inspects()).isEqualTo(2);
    }

    @Test
    void exportsWhatNoNodeHasBegunWithYet() throws IOException {
        imports(zooKeeper, "--to", troupe);
        Path back = directory.resolve("back");

        assertThat(exports(troupe, "--to", back)).isZero();

        assertThat(report()).contains("epoch 3", "extendedTypesEnabled=true", "myid");
        assertThat(content(back).keySet())
                .containsExactlyInAnyOrder(
                        "version-2/snapshot.300000000", "version-2/acceptedEpoch", "version-2/currentEpoch");
        assertThat(Files.readString(back.resolve("version-2/acceptedEpoch"))).isEqualTo("3");
        assertThat(exports(troupe, "--to", back)).isEqualTo(1);
        assertThat(complaint()).contains("is not empty");
    }

    @Test
    void exportsNothingThatIsInUseOrDamaged() throws IOException {
        imports(zooKeeper, "--to", troupe);
        Path back = directory.resolve("back");
        try (SystemDisk used = SystemDisk.open(troupe)) {
            assertThat(used.list()).hasSize(1);
            assertThat(exports(troupe, "--to", back)).isEqualTo(1);
            assertThat(complaint()).contains("in use by another process");
        }
        Files.write(troupe.resolve("snapshot-0000000300000007"), new byte[50]);
        assertThat(exports(troupe, "--to", back)).isEqualTo(1);
        assertThat(complaint()).contains("snapshot-0000000300000007", "another node", "troupe inspect");
        assertThat(back).doesNotExist();
        assertThat(exports(directory.resolve("nowhere"), "--to", back)).isEqualTo(1);
        assertThat(directory.resolve("nowhere")).doesNotExist();
    }

    @Test
    void inspectsForPeopleAndForPrograms() throws IOException {
        imports(zooKeeper, "--to", troupe);
        assertThat(inspects(troupe)).isZero();
        assertThat(report()).contains("import-0000000300000000", "znodes 7", "sound true");

        assertThat(inspects(troupe, "--json")).isZero();
        List<String> kinds = new ArrayList<>();
        for (String line : report().lines().toList()) {
            JsonNode json = new ObjectMapper().readTree(line);
            kinds.add(json.get("kind").asText());
        }
        assertThat(kinds).containsExactly("snapshot", "tree", "result");

        Path file = troupe.resolve(content(troupe).keySet().iterator().next());
        assertThat(inspects(file)).isZero();
        byte[] bytes = Files.readAllBytes(file);
        bytes[100] ^= 1;
        Files.write(file, bytes);
        assertThat(inspects(file, "--json")).isEqualTo(1);
        assertThat(report()).contains("\"kind\":\"problem\"", "checksum", "\"sound\":false");
        assertThat(inspects(directory.resolve("nowhere"))).isEqualTo(1);
        assertThat(complaint()).contains("does not exist");
        assertThat(inspects(Files.createDirectory(directory.resolve("bare")))).isEqualTo(1);
        assertThat(report()).contains("holds nothing of Troupe");
    }

    @Test
    void inspectsZooKeepersToo() {
        assertThat(inspects(zooKeeper, "--records")).isZero();
        assertThat(report()).contains("snapshot.200000028", "digest_agrees true", "ttl 1", "sound true");
    }
}
