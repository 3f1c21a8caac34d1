package io.troupe.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.env.FakeDisk;
import io.troupe.request.Acl;
import io.troupe.snapshot.ImportFile;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotEncoder;
import io.troupe.tree.state.Znode;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What an ensemble begins with, on the disk of one of its nodes. */
class BeginningTest {
    private static final Member FIRST = new Member(1, "a", 1, "a", 2, -3);
    private static final Member SECOND = new Member(2, "b", 1, "b", 2, 4);
    private static final long END = Zxid.of(5, 3);

    private final FakeDisk disk = new FakeDisk();
    private final SnapshotCatalog catalog = new SnapshotCatalog(disk);

    private static Membership members(String id, long version, Member... members) {
        return new Membership(id, version, List.of(members), null);
    }

    private ImportedHistory importTree() throws IOException {
        DataTree tree = DataTree.founding(members("nobody", 0, FIRST));
        tree.put("/moved", ZnodeImage.created(17, 5, 0, new byte[] {1}, Acl.READ_ONLY));
        List<Acl> own = List.of(new Acl(Acl.ALL, Acl.OPEN.get(0).who()));
        tree.put(ZnodePath.CONFIG, ZnodeImage.created(0, 0, 0, null, own).withAcl(own));
        tree.executed(END);
        ImportedHistory history = new ImportedHistory(END, tree.digest());
        ImportFile.write(disk, history, chunks -> new SnapshotEncoder(tree, chunks).encodeSome(() -> true));
        return history;
    }

    @Test
    void isEmptyWhereNothingWasImported() throws IOException {
        DataTree tree = Beginning.of(catalog, members("e", 0, FIRST, SECOND));

        assertThat(tree.lastZxid()).isZero();
        assertThat(tree.get("/moved")).isNull();
    }

    @Test
    void isTheImportThatTheEnsembleIsNamedAfterWithTheMembersOfTheEnsemble() throws IOException {
        Membership founding = members(importTree().ensembleId("e"), 0, FIRST, SECOND);

        DataTree tree = Beginning.of(catalog, founding);

        assertThat(tree.lastZxid()).isEqualTo(END);
        assertThat(tree.get("/moved")).isNotNull();
        assertThat(tree.membership()).isEqualTo(founding);
        Znode config = Objects.requireNonNull(tree.get(ZnodePath.CONFIG));
        assertThat(config.data()).isEqualTo(founding.toConfigText().getBytes(StandardCharsets.UTF_8));
        assertThat(tree.acl(config)).as("who may change the members").isEqualTo(Acl.OPEN);
        assertThat(config.version()).isEqualTo(-1);
        assertThat(Beginning.of(catalog, founding).digest()).isEqualTo(tree.digest());
    }

    @Test
    void isNotAnImportOfAnotherEnsemble() throws IOException {
        importTree();
        String other = new ImportedHistory(END, 1).ensembleId("e");

        assertThat(Beginning.of(catalog, members(other, 0, FIRST)).lastZxid()).isZero();
        assertThat(Beginning.of(catalog, members("e", 0, FIRST)).lastZxid()).isZero();
    }

    @Test
    void isNotTheImportForOneThatKnowsOnlyLaterMembers() throws IOException {
        Membership later = members(importTree().ensembleId("e"), END + 8, FIRST, SECOND);

        assertThat(Beginning.of(catalog, later).lastZxid()).isZero();
    }

    @Test
    void isNotAnImportThatIsDamaged() throws IOException {
        ImportedHistory history = importTree();
        byte[] bytes = disk.file("import-" + history);
        bytes[bytes.length / 2] ^= 1;
        disk.put("import-" + history, bytes);

        assertThat(Beginning.of(catalog, members(history.ensembleId("e"), 0, FIRST))
                        .lastZxid())
                .isZero();
    }
}
