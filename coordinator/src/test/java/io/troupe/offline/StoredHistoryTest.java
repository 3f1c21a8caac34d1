package io.troupe.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.env.FakeDisk;
import io.troupe.log.Batches;
import io.troupe.log.LogSettings;
import io.troupe.log.segment.TransactionLog;
import io.troupe.request.Batch;
import io.troupe.snapshot.ImportFile;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is found in a data directory: what is whole is read, what is not is named, and nothing is changed. */
class StoredHistoryTest {
    private static final LogSettings SMALL = new LogSettings(700, 700, 1_400);
    private static final int COUNT = 30;

    private final FakeDisk disk = new FakeDisk();
    private final List<Batch> batches = Batches.chain(0, COUNT);
    private final List<Long> visited = new ArrayList<>();

    @BeforeEach
    void fill() throws IOException {
        DataTree tree = DataTree.founding(new Membership("e", 0, List.of(new Member(1, "a", 1, "a", 2, -3)), null));
        ImportedHistory history = new ImportedHistory(0, tree.digest());
        ImportFile.write(disk, history, chunks -> new SnapshotEncoder(tree, chunks).encodeSome(() -> true));
        disk.rename("import-" + history, "snapshot-0000000000000000");
        write(batches);
    }

    private void write(List<Batch> history) throws IOException {
        TransactionLog log = TransactionLog.open(disk, SMALL);
        for (Batch batch : history) {
            log.append(batch, log.lastZxid());
        }
        log.mark();
        log.file().sync();
    }

    private StoredHistory read() throws IOException {
        visited.clear();
        long changes = disk.changes();
        StoredHistory read = StoredHistory.read(disk, (segment, offset, batch) -> visited.add(batch.lastZxid()));
        assertThat(disk.changes()).as("nothing was changed").isEqualTo(changes);
        return read;
    }

    private List<String> segments() throws IOException {
        return disk.list().stream().filter(name -> name.startsWith("log-")).toList();
    }

    private static DataTree tree(StoredHistory history) {
        DataTree tree = history.tree();
        if (tree == null) {
            throw new AssertionError("there is no tree: " + history.problems());
        }
        return tree;
    }

    @Test
    void readsASoundOneToItsEnd() throws IOException {
        StoredHistory history = read();

        assertThat(history.problems()).isEmpty();
        assertThat(history.notes()).isEmpty();
        assertThat(history.segments())
                .hasSizeGreaterThan(2)
                .allSatisfy(s -> assertThat(s.damage()).isNull());
        assertThat(history.requests()).isEqualTo(COUNT);
        assertThat(visited).isEqualTo(Batches.ends(batches));
        assertThat(tree(history).lastZxid()).isEqualTo(Zxid.of(1, COUNT));
        assertThat(history.commitZxid()).isEqualTo(Zxid.of(1, COUNT - 1));
    }

    @Test
    void takesATornEndForWhatItIs() throws IOException {
        List<String> names = segments();
        String last = names.get(names.size() - 1);
        byte[] bytes = disk.file(last);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        // Inside the last record; without the mark, in the header's second sector, it is as a crash may leave it.
        Arrays.fill(bytes, end - 40, end, (byte) 0);
        Arrays.fill(bytes, 512, 1024, (byte) 0);
        disk.put(last, bytes);

        StoredHistory history = read();

        assertThat(history.problems()).isEmpty();
        assertThat(history.notes()).singleElement().asString().contains(last, "torn");
        assertThat(tree(history).lastZxid()).isEqualTo(Zxid.of(1, COUNT - 1));
    }

    @Test
    void namesEveryDamageAndNeverReadsOverIt() throws IOException {
        Random random = new Random(3);
        List<String> files = new ArrayList<>(segments());
        for (int i = 0; i < 200; i++) {
            String name = files.get(random.nextInt(files.size()));
            byte[] sound = disk.file(name);
            byte[] damaged = sound.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            disk.put(name, damaged);
            StoredHistory history = read();
            assertThat(visited).isEqualTo(Batches.ends(batches).subList(0, visited.size()));
            if (visited.size() < COUNT) {
                assertThat(history.problems()).as("%s, round %d", name, i).anyMatch(p -> p.contains(name));
            }
            disk.put(name, sound);
        }
    }

    @Test
    void namesAGap() throws IOException {
        String missing = segments().get(1);
        disk.delete(missing);

        StoredHistory history = read();

        assertThat(history.problems()).anyMatch(p -> p.contains("does not continue"));
        assertThat(tree(history).lastZxid()).isLessThan(Zxid.of(1, COUNT));
    }

    @Test
    void namesASnapshotThatIsDamagedAndALogThatBeginsBehindTheOneBefore() throws IOException {
        disk.put("snapshot-0000000100000005", new byte[100]);
        disk.delete(segments().get(0));

        StoredHistory history = read();

        assertThat(history.problems())
                .anyMatch(p -> p.contains("snapshot-0000000100000005"))
                .anyMatch(p -> p.contains("history is missing"));
        assertThat(tree(history).lastZxid()).isZero();
    }

    @Test
    void namesATreeThatDiffersFromTheLeaders() throws IOException {
        segments().forEach(name -> disk.put(name, new byte[0]));
        for (String name : segments()) {
            disk.delete(name);
        }
        List<Batch> history = new ArrayList<>(batches.subList(0, 3));
        Batch next = batches.get(3);
        history.add(Batch.seal(
                next.previousZxid(),
                next.firstZxid(),
                next.commitZxid(),
                next.timeMillis(),
                batches.get(1).lastZxid(),
                4711,
                next.sections()));
        write(history);

        assertThat(read().problems()).singleElement().asString().contains("digest", Zxid.hex(Zxid.of(1, 2)));
    }

    @Test
    void doesNotForgetWhatALogThatWasCutHasLost() throws IOException {
        TransactionLog.reportDamage(disk, "log-0: offset 17: gone");

        assertThat(read().problems()).singleElement().asString().contains("is lost here", "offset 17");
    }

    @Test
    void isEmptyWhereNoNodeEverWas() throws IOException {
        StoredHistory history = StoredHistory.read(new FakeDisk(), (segment, offset, batch) -> {});

        assertThat(history.tree()).isNull();
        assertThat(history.meta()).isNull();
        assertThat(history.problems()).isEmpty();
    }
}
