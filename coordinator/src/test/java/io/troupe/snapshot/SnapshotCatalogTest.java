package io.troupe.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.env.FakeDisk;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotCatalogTest {
    private final Net.Node node = new Net().node(1);
    private final FakeDisk disk = node.disk;
    private final SnapshotCatalog catalog = new SnapshotCatalog(disk);

    @Test
    void isEmptyInANewDirectory() throws IOException {
        assertThat(catalog.newest()).isEmpty();
        assertThat(catalog.purge(2, false, List.of())).isZero();
    }

    @Test
    void ordersByPositionAsUnsignedNumbers() throws IOException {
        node.write(0x9_0000_0001L, Content.bytes(10, 1));
        node.write(0x10_0000_0001L, Content.bytes(10, 2));

        assertThat(catalog.names())
                .containsExactly(SnapshotFile.nameFor(0x10_0000_0001L), SnapshotFile.nameFor(0x9_0000_0001L));
        assertThat(Content.newest(disk)).isEqualTo(Content.bytes(10, 2));
    }

    @Test
    void passesOverANewestOneInWhichAnyByteIsWrong() throws IOException {
        node.write(5, Content.bytes(40, 1));
        node.write(6, Content.bytes(40, 2));
        String name = SnapshotFile.nameFor(6);
        byte[] whole = disk.file(name);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            disk.put(name, damaged);
            assertThat(Content.newest(disk)).as("byte %d", at).isEqualTo(Content.bytes(40, 1));
        }
        for (int size = 0; size < whole.length; size++) {
            disk.put(name, Arrays.copyOf(whole, size));
            assertThat(Content.newest(disk)).as("size %d", size).isEqualTo(Content.bytes(40, 1));
        }
    }

    @Test
    void hasNothingToOfferWhenAllAreDamaged() throws IOException {
        disk.put(SnapshotFile.nameFor(6), Content.bytes(40, 2));

        assertThat(catalog.newest()).isEmpty();
    }

    @Test
    void keepsAnImportUntilThereAreSnapshotsEnoughBehindIt() throws IOException {
        ImportedHistory history = new ImportedHistory(4, 5);
        ImportFile.write(disk, history, chunks -> chunks.accept(Content.bytes(40, 1)));
        assertThat(ImportFile.find(disk.afterPowerLoss())).hasValue(history);
        try (InputStream content = catalog.imported(history).orElseThrow()) {
            assertThat(content.readAllBytes()).isEqualTo(Content.bytes(40, 1));
        }
        node.write(5, Content.bytes(40, 1));
        catalog.purge(2, false, List.of());
        assertThat(catalog.imported(history)).isPresent();
        node.write(6, Content.bytes(40, 1));
        catalog.purge(2, false, List.of());

        assertThat(catalog.imported(history)).isEmpty();
        assertThat(ImportFile.find(disk)).isEmpty();
    }

    @Test
    void setsDamagedOnesAside() throws IOException {
        node.write(5, Content.bytes(40, 1));
        disk.put(SnapshotFile.nameFor(6), Content.bytes(40, 2));

        assertThat(Content.newest(disk)).isEqualTo(Content.bytes(40, 1));

        assertThat(disk.afterPowerLoss().list())
                .containsExactly(SnapshotFile.nameFor(5), SnapshotFile.nameFor(6) + ".damaged");
        assertThat(disk.file(SnapshotFile.nameFor(6) + ".damaged")).isEqualTo(Content.bytes(40, 2));
        assertThat(catalog.purge(1, false, List.of())).isEqualTo(5);
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        String name = SnapshotFile.nameFor(6);
        disk.put(name, Content.bytes(40, 2));

        assertThatThrownBy(() -> SnapshotFile.verify(disk, name))
                .hasMessageContaining(name)
                .hasMessageContaining("offset 24");
    }

    @Test
    void readsBackContentOfAnySizeInPiecesOfAnySize() throws IOException {
        for (int size : new int[] {0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 700_000}) {
            Net.Node fresh = new Net().node(1);
            fresh.write(5, Content.bytes(size, 3));
            assertThat(Content.newest(fresh.disk)).isEqualTo(Content.bytes(size, 3));
        }
    }

    @Test
    void deletesAllButTheNewestAndNothingElse() throws IOException {
        for (long zxid = 1; zxid <= 5; zxid++) {
            disk.put(SnapshotFile.nameFor(zxid), Content.bytes(10, 1));
        }
        disk.put("log-0000000000000000", Content.bytes(10, 1));

        assertThat(catalog.purge(3, false, List.of())).isEqualTo(3);

        assertThat(disk.list())
                .containsExactly(
                        "log-0000000000000000",
                        SnapshotFile.nameFor(3),
                        SnapshotFile.nameFor(4),
                        SnapshotFile.nameFor(5));
    }
}
