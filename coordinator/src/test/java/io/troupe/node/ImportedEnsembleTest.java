package io.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.client.Ensemble;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.env.system.SystemDisk;
import io.troupe.request.Acl;
import io.troupe.snapshot.ImportFile;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotEncoder;
import io.troupe.tree.state.ZnodeImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ensemble that begins with an import, of which each of its nodes has a copy; and one of them that loses it. */
class ImportedEnsembleTest {
    private static final long END = Zxid.of(5, 3);

    @TempDir
    Path directory;

    @Test
    void beginsWhereTheImportEndsAndHasAWipedNodeBack() throws Exception {
        Path copy = makeImport();
        try (Ensemble ensemble = Ensemble.of(directory, 3, "")) {
            for (int i = 0; i < 3; i++) {
                Path data = Files.createDirectories(ensemble.data(i));
                Files.copy(copy, data.resolve(copy.getFileName()));
                ensemble.startNode(i);
            }
            for (int i = 0; i < 3; i++) {
                ensemble.awaitServing(i);
            }
            NodeStatus first = ensemble.frontend(0).status();
            assertThat(first.executedZxid()).isGreaterThanOrEqualTo(END);
            assertThat(first.epoch()).isEqualTo(6);
            assertThat(first.znodes()).isEqualTo(6);
            assertThat(ensemble.frontend(1).status().digest()).isEqualTo(first.digest());
            assertThat(ensemble.frontend(2).status().digest()).isEqualTo(first.digest());

            ensemble.stopNode(2);
            wipe(ensemble.data(2));
            ensemble.startNode(2);
            ensemble.awaitServing(2);

            await().atMost(Ensemble.PATIENCE).untilAsserted(() -> {
                NodeStatus now = ensemble.frontend(2).status();
                assertThat(now.znodes()).isEqualTo(6);
                assertThat(disk(now, 3)).as("it has its vote back").isNotEqualTo(disk(first, 3));
                assertThat(now.digest()).isEqualTo(ensemble.frontend(0).status().digest());
            });
        }
    }

    private static long disk(NodeStatus status, int node) {
        Member member = Objects.requireNonNull(status.membership()).member(node).orElseThrow();
        return member.diskId();
    }

    private Path makeImport() throws Exception {
        DataTree tree =
                DataTree.founding(new Membership("nobody", 0, List.of(new Member(1, "a", 1, "a", 2, -3)), null));
        tree.put("/moved", ZnodeImage.created(17, 5, 0, new byte[] {1}, Acl.OPEN));
        tree.executed(END);
        ImportedHistory history = new ImportedHistory(END, tree.digest());
        Path made = directory.resolve("made");
        try (SystemDisk disk = SystemDisk.open(made)) {
            ImportFile.write(disk, history, chunks -> new SnapshotEncoder(tree, chunks).encodeSome(() -> true));
        }
        return made.resolve("import-" + history);
    }

    private static void wipe(Path data) throws Exception {
        List<Path> files;
        try (Stream<Path> found = Files.list(data)) {
            files = found.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
