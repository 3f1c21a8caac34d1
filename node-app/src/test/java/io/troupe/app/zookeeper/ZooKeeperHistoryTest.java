package io.troupe.app.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.contract.Covers;
import io.troupe.ensemble.Zxid;
import io.troupe.tree.state.DataTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.SnappyOutputStream;

/**
 * What is made of a ZooKeeper server's files as they are found: packed, fuzzy, cut off, damaged, incomplete. Either the tree is
 * the one that the server had, or it is said where it ends and why.
 */
class ZooKeeperHistoryTest {
    private static final String EXTENDED_TYPES = "zookeeper.extendedTypesEnabled";

    @TempDir
    static Path made;

    @TempDir
    Path directory;

    private Path version;

    /** Three logs and snapshots, each behind some writes. */
    @BeforeAll
    static void fill() throws Exception {
        System.setProperty(EXTENDED_TYPES, "true");
        try (EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(made, made)) {
            ZooKeeper client = Clients.connect(zooKeeper.address(), Clients.SESSION_MILLIS);
            EveryKind.fill(client);
            zooKeeper.takeSnapshot();
            for (int i = 0; i < 20; i++) {
                client.create(
                        "/data/n" + i, EveryKind.bytes("" + i), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            }
            zooKeeper.takeSnapshot();
            client.setData("/data", EveryKind.bytes("fourth"), -1);
            client.delete("/data/n7", 0);
            client.create("/last", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            zooKeeper.stop();
            client.close();
        } finally {
            System.clearProperty(EXTENDED_TYPES);
        }
        cutPadding();
    }

    @AfterAll
    static void asBefore() {
        System.clearProperty(EXTENDED_TYPES);
    }

    /** Each log is 64 MiB of zeros otherwise: this test copies it often. */
    private static void cutPadding() throws IOException {
        for (Path log : files(made.resolve("version-2"), "log.")) {
            try (LogReader reader = LogReader.open(log);
                    RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
                while (reader.next() != null) {
                    // To the end.
                }
                file.setLength(reader.offset() + 64);
            }
        }
    }

    @BeforeEach
    void copy() throws IOException {
        version = Files.createDirectories(directory.resolve("version-2"));
        for (Path file : files(made.resolve("version-2"), "")) {
            Files.copy(file, version.resolve(file.getFileName()));
        }
    }

    private static List<Path> files(Path in, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return new ArrayList<>(files.filter(f -> f.getFileName().toString().startsWith(prefix))
                    .sorted((a, b) -> Long.compare(zxid(a), zxid(b)))
                    .toList());
        }
    }

    private static long zxid(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.replaceAll("^[a-z]+\\.|\\.[a-z]+$", ""), 16);
    }

    private List<Path> snapshots() throws IOException {
        return files(version, "snapshot.");
    }

    private List<Path> logs() throws IOException {
        return files(version, "log.");
    }

    private ZooKeeperHistory.Loaded load() throws MoveException {
        return ZooKeeperHistory.read(List.of(directory), false, false);
    }

    private static DataTree whole() throws MoveException {
        ZooKeeperHistory.Loaded loaded = ZooKeeperHistory.read(List.of(made), false, false);
        assertThat(loaded.digestChecked()).isTrue();
        return loaded.tree();
    }

    private void assertIsWhole(ZooKeeperHistory.Loaded loaded) throws MoveException {
        assertThat(TreeComparison.difference(whole(), loaded.tree())).isEmpty();
        assertThat(loaded.digestChecked()).as("ZooKeeper's digest agrees").isTrue();
    }

    @Test
    void readsTheNewestSnapshotAndTheLogsBehindIt() throws Exception {
        ZooKeeperHistory.Loaded loaded = load();

        assertThat(loaded.snapshot()).isEqualTo(snapshots().get(2));
        assertThat(loaded.transactions()).isEqualTo(3);
        assertThat(loaded.tree().get("/last")).isNotNull();
        assertThat(loaded.tree().get("/data/n7")).isNull();
    }

    @Test
    @Covers("8.2.1")
    void comesToTheSameTreeFromWhicheverSnapshot() throws Exception {
        while (snapshots().size() > 1) {
            Files.delete(snapshots().get(snapshots().size() - 1));
            assertIsWhole(load());
        }
    }

    @Test
    @Covers("8.2.1")
    void takesASnapshotForAsOldAsItsNameSays() throws Exception {
        Path newest = snapshots().get(2);
        for (Path older : List.of(snapshots().get(0), snapshots().get(1))) {
            Files.copy(newest, older, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.delete(newest);
        assertIsWhole(load());
        Files.delete(snapshots().get(1));
        assertIsWhole(load());
    }

    @Test
    @Covers("8.2.1")
    void readsPackedSnapshots() throws Exception {
        Path newest = snapshots().get(2);
        Path gzip = Path.of(newest + ".gz");
        try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            Files.copy(newest, packed);
        }
        Path snappy = Path.of(newest + ".snappy");
        try (OutputStream packed = new SnappyOutputStream(Files.newOutputStream(snappy))) {
            Files.copy(newest, packed);
        }
        Files.delete(newest);

        for (Path packed : List.of(gzip, snappy)) {
            byte[] bytes = Files.readAllBytes(packed);
            Path other = packed == gzip ? snappy : gzip;
            byte[] others = Files.readAllBytes(other);
            Files.delete(other);
            assertThat(load().snapshot()).isEqualTo(packed);
            assertIsWhole(load());
            truncate(packed, bytes.length / 2);
            assertThat(load().snapshot()).as("cut in half").isNotEqualTo(packed);
            assertIsWhole(load());
            Files.write(packed, bytes);
            Files.write(other, others);
        }
    }

    @Test
    void passesOverASnapshotThatIsDamaged() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 30; i++) {
            Path newest = snapshots().get(2);
            byte[] sound = Files.readAllBytes(newest);
            byte[] damaged = sound.clone();
            damaged[4 + random.nextInt(damaged.length - 4 - 5)] ^= (byte) (1 << random.nextInt(8));
            Files.write(newest, damaged);
            ZooKeeperHistory.Loaded loaded = load();
            assertThat(TreeComparison.difference(whole(), loaded.tree())).isEmpty();
            Files.write(newest, sound);
        }
        for (Path snapshot : snapshots()) {
            truncate(snapshot, Files.size(snapshot) / 2);
        }
        assertThatThrownBy(this::load)
                .isInstanceOf(MoveException.class)
                .hasMessageContainingAll("no snapshot is whole", "another server");
    }

    @Test
    @Covers("8.3.1")
    void endsWhereALogIsTorn() throws Exception {
        Path last = logs().get(2);
        long size = Files.size(last) - 64;
        truncate(last, size - 5);

        ZooKeeperHistory.Loaded loaded = load();

        assertThat(loaded.transactions()).isEqualTo(2);
        assertThat(loaded.tree().get("/last")).isNull();
        assertThat(loaded.notes()).singleElement().asString().contains(last.toString(), "killed while it wrote");
    }

    @Test
    @Covers("8.3.1")
    void neverTakesADamagedLogForAWholeOne() throws Exception {
        Random random = new Random(11);
        DataTree whole = whole();
        Files.delete(snapshots().get(2));
        Files.delete(snapshots().get(1));
        for (Path log : logs()) {
            byte[] sound = Files.readAllBytes(log);
            for (int i = 0; i < 60; i++) {
                byte[] damaged = sound.clone();
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(log, damaged);
                assertPrefixOrRefused(whole);
            }
            Files.write(log, sound);
        }
    }

    private void assertPrefixOrRefused(DataTree whole) {
        try {
            ZooKeeperHistory.Loaded loaded = load();
            if (loaded.lastZxid() == whole.lastZxid()) {
                assertThat(TreeComparison.difference(whole, loaded.tree())).isEmpty();
            } else {
                assertThat(loaded.notes()).anyMatch(note -> note.contains("offset"));
                assertThat(loaded.lastZxid()).isEqualTo(whole.lastZxid() - 1);
            }
        } catch (MoveException refused) {
            assertThat(refused).hasMessageContaining("another server");
        }
    }

    @Test
    @Covers("8.3.1")
    void refusesAGapAndTakesWhatStandsBeforeItOnlyWhenTold() throws Exception {
        Files.delete(snapshots().get(2));
        Files.delete(snapshots().get(1));
        Path missing = logs().get(1);
        Files.delete(missing);

        assertThatThrownBy(this::load)
                .isInstanceOf(MoveException.class)
                .hasMessageContainingAll("transactions are missing", "--until-damage");
        ZooKeeperHistory.Loaded loaded = ZooKeeperHistory.read(List.of(directory), true, false);
        assertThat(loaded.lastZxid()).isEqualTo(zxid(missing) - 1);
        assertThat(loaded.damage()).contains("transactions are missing");
    }

    @Test
    void refusesATreeWithAnotherDigest() throws Exception {
        Path newest = snapshots().get(2);
        Path second = snapshots().get(1);
        // Content that is older than the name says: what lies between them is never brought.
        Files.copy(second, newest, StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(this::load)
                .isInstanceOf(MoveException.class)
                .hasMessageContainingAll("digest", "--ignore-digest");
        assertThat(ZooKeeperHistory.read(List.of(directory), false, true).digestChecked())
                .isFalse();
    }

    @Test
    void beginsBehindEveryEpochThatTheServerHasPromised() throws Exception {
        Files.writeString(version.resolve("currentEpoch"), "6");
        Files.writeString(version.resolve("acceptedEpoch"), "7\n");

        ZooKeeperHistory.Loaded loaded = load();

        assertThat(loaded.epoch()).isEqualTo(7);
        assertThat(loaded.tree().lastZxid()).isEqualTo(Zxid.of(7, 0));
        Files.writeString(version.resolve("acceptedEpoch"), "");
        assertThatThrownBy(this::load).hasMessageContainingAll("acceptedEpoch", "another server");
    }

    @Test
    void importsTheSameBytesEachTime() throws Exception {
        TreeImport.write(load().tree(), directory.resolve("first"));
        TreeImport.write(load().tree(), directory.resolve("second"));

        List<Path> first = files(directory.resolve("first"));
        List<Path> second = files(directory.resolve("second"));
        assertThat(first).hasSize(1);
        assertThat(first.get(0).getFileName()).isEqualTo(second.get(0).getFileName());
        try (InputStream a = Files.newInputStream(first.get(0));
                InputStream b = Files.newInputStream(second.get(0))) {
            assertThat(a).hasSameContentAs(b);
        }
        assertThatThrownBy(() -> TreeImport.write(load().tree(), directory.resolve("first")))
                .isInstanceOf(MoveException.class)
                .hasMessageContaining("is not empty");
        assertThat(files(directory.resolve("first"))).isEqualTo(first);
    }

    private static List<Path> files(Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.toList();
        }
    }

    @Test
    void saysWhatIsMissingWhereThereIsNothing() {
        assertThatThrownBy(() -> ZooKeeperHistory.read(List.of(directory.resolve("nowhere")), false, false))
                .hasMessageContaining("dataDir of zoo.cfg");
    }

    private static void truncate(Path file, long size) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(size);
        }
    }
}
