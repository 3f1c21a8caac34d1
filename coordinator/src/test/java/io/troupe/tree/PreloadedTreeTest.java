package io.troupe.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.env.FakeDisk;
import io.troupe.request.Acl;
import io.troupe.snapshot.ImportFile;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotEncoder;
import io.troupe.tree.state.ZnodeImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreloadedTreeTest {
    private static final Membership ALONE = new Membership("e", 0, List.of(new Member(1, "a", 1, "a", 2, -3)), null);
    private static final String FIVE = "snapshot-0000000000000005";
    private static final String SIX = "snapshot-0000000000000006";

    private final FakeDisk disk = new FakeDisk();
    private final SnapshotCatalog catalog = new SnapshotCatalog(disk);

    /** A snapshot under this name of a tree with this znode. */
    private void write(String name, String path) throws IOException {
        DataTree tree = DataTree.founding(ALONE);
        tree.put(path, ZnodeImage.created(1, 1, 0, null, Acl.OPEN));
        ImportedHistory history = new ImportedHistory(0, tree.digest());
        ImportFile.write(disk, history, chunks -> new SnapshotEncoder(tree, chunks).encodeSome(() -> true));
        disk.rename("import-" + history, name);
    }

    private PreloadedTree read() {
        return PreloadedTree.begin(disk, Runnable::run);
    }

    @Test
    void isThatOfTheNewestSnapshotAndGivenOnce() throws IOException {
        write(FIVE, "/five");
        write(SIX, "/six");
        PreloadedTree preloaded = read();

        Optional<DataTree> tree = preloaded.take(catalog);
        assertThat(tree.map(found -> found.get("/six"))).isPresent();
        assertThat(preloaded.take(catalog))
                .as("whoever took it may have changed it")
                .isEmpty();
    }

    @Test
    void isReadByAThreadOfItsOwn() throws IOException {
        write(FIVE, "/five");

        assertThat(PreloadedTree.begin(disk).take(catalog)).isPresent();
    }

    @Test
    void isNoneWithoutASnapshot() throws IOException {
        assertThat(read().take(catalog)).isEmpty();
        assertThat(PreloadedTree.none().take(catalog)).isEmpty();
    }

    @Test
    void isNoneOnceThereIsALaterSnapshot() throws IOException {
        write(FIVE, "/five");
        PreloadedTree preloaded = read();
        write(SIX, "/six");

        assertThat(preloaded.take(catalog)).isEmpty();
    }

    @Test
    void isNoneOnceItsSnapshotIsGoneOrAnotherOrDamaged() throws IOException {
        write(FIVE, "/five");
        PreloadedTree gone = read();
        PreloadedTree replaced = read();
        PreloadedTree damaged = read();

        disk.delete(FIVE);
        assertThat(gone.take(catalog)).isEmpty();
        write(FIVE, "/another");
        assertThat(replaced.take(catalog)).isEmpty();
        disk.put(FIVE, new byte[10]);
        assertThat(damaged.take(catalog)).isEmpty();
    }

    @Test
    void leavesWhatIsDamagedToWhoeverReadsItNext() throws IOException {
        write(FIVE, "/five");
        write(SIX, "/six");
        byte[] bytes = disk.file(SIX);
        bytes[30] ^= 1;
        disk.put(SIX, bytes);

        assertThat(read().take(catalog)).isEmpty();

        assertThat(disk.list()).containsExactly(FIVE, SIX);
        DataTree tree = TreeSnapshots.newest(catalog, read(), ALONE);
        assertThat(tree.get("/five")).isNotNull();
        assertThat(disk.list()).containsExactly(FIVE, SIX + ".damaged");
    }
}
