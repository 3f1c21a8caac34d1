package io.troupe.tree.execute;

import static io.troupe.tree.execute.StateMachine.createOp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.contract.Covers;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Section;
import io.troupe.request.SectionBuilder;
import io.troupe.request.Stat;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Origins;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Exactly-once by origin numbers, and damage that must not stop replicas (architecture section 3). */
class ExecutorBatchTest {
    private static final long FIRST = Zxid.of(1, 1);

    private final DataTree tree = DataTree.founding(StateMachine.membership());
    private final Executor executor = new Executor(tree);
    private final List<String> heard = new ArrayList<>();

    private static Section section(int origin, long incarnation, long sequence, String... paths) {
        SectionBuilder builder = new SectionBuilder(origin, incarnation, sequence);
        for (String path : paths) {
            builder.add(Request.internal(0, createOp(path)));
        }
        return builder.build();
    }

    private void execute(Section... sections) {
        long first = tree.lastZxid() == 0 ? FIRST : tree.lastZxid() + 1;
        executor.execute(
                Batch.seal(tree.lastZxid(), first, 0, 1000, 0, 0, List.of(sections)),
                (section, sequence, request, zxid, out) -> heard.add(section.originNode() + "." + sequence + "@"
                        + Zxid.counter(zxid) + " " + out.result().error()));
    }

    private Stat stat(String path) {
        return Objects.requireNonNull(tree.get(path)).stat();
    }

    @Test
    @Covers("2.1.1")
    void givesConsecutiveZxidsAndAdvancesOrigins() {
        execute(section(1, 10, 1, "/a", "/b"), section(2, 5, 1, "/c"));
        execute(section(1, 10, 3, "/a"));
        assertThat(heard).containsExactly("1.1@1 OK", "1.2@2 OK", "2.1@3 OK", "1.3@4 NODE_EXISTS");
        assertThat(tree.origins().all())
                .containsEntry(1, new Origins.Position(10, 3))
                .containsEntry(2, new Origins.Position(5, 1));
        assertThat(stat("/b").czxid()).isEqualTo(FIRST + 1);
        assertThat(stat("/b").ctime()).isEqualTo(1000);
        assertThat(tree.lastZxid()).isEqualTo(FIRST + 3);
    }

    @Test
    void refusesWhatIsNotTheNextOfItsOrigin() {
        execute(section(1, 10, 1, "/a"));
        long digest = tree.digest();
        execute(
                section(1, 10, 1, "/again"),
                section(1, 10, 3, "/gap"),
                section(1, 9, 2, "/older"),
                section(1, 11, 2, "/newerNotFromOne"),
                section(2, 1, 2, "/unknownNotFromOne"));
        assertThat(heard.subList(1, heard.size())).allMatch(line -> line.endsWith("SYSTEM_ERROR"));
        assertThat(tree.digest()).isEqualTo(digest);
        assertThat(tree.lastZxid()).isEqualTo(FIRST + 5);
        execute(section(1, 11, 1, "/restarted"));
        assertThat(tree.get("/restarted")).isNotNull();
        assertThat(tree.origins().get(1)).isEqualTo(new Origins.Position(11, 1));
    }

    @Test
    void refusesEachRequestOfADamagedSectionAndGoesOn() {
        byte[] image = section(1, 10, 1, "/a", "/b").image().clone();
        // Names a list of identities that was never sent.
        image[Section.HEADER] = 9;
        execute(Section.read(ByteBuffer.wrap(image)), section(1, 10, 3, "/c"));
        assertThat(heard).containsExactly("1.1@1 SYSTEM_ERROR", "1.2@2 SYSTEM_ERROR", "1.3@3 OK");
        assertThat(tree.get("/a")).isNull();
        assertThat(tree.origins().get(1)).isEqualTo(new Origins.Position(10, 3));
    }

    @Test
    void refusesABatchThatDoesNotFollow() {
        execute(section(1, 10, 1, "/a"));
        Batch gap = Batch.seal(tree.lastZxid() + 1, tree.lastZxid() + 2, 0, 0, 0, 0, List.of(section(1, 10, 2, "/b")));
        assertThatThrownBy(() -> executor.execute(gap, (s, q, r, z, o) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not follow");
        Batch next = Batch.seal(tree.lastZxid(), Zxid.of(2, 1), 0, 0, 0, 0, List.of(section(1, 10, 2, "/b")));
        executor.execute(next, (s, q, r, z, o) -> {});
        assertThat(tree.lastZxid()).isEqualTo(Zxid.of(2, 1));
    }

    @Test
    void anExceptionWhileApplyingIsThrownOn() {
        execute(section(1, 10, 1, "/a"));
        executor.execute(Request.internal(7, new Operation.CreateSession(0, 1)), tree.lastZxid() + 1, 0);
        Request behind = Request.internal(0, createOp("/b"));
        assertThatThrownBy(() -> executor.execute(behind, tree.lastZxid(), 0))
                .isInstanceOf(IllegalStateException.class);
    }
}
