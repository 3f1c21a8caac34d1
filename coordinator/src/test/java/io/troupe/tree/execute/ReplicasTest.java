package io.troupe.tree.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Shows;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import io.troupe.request.ErrorCode;
import io.troupe.request.Request;
import io.troupe.request.Result;
import io.troupe.request.SectionBuilder;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotDecoder;
import io.troupe.tree.state.SnapshotEncoder;
import io.troupe.tree.state.TreeDump;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two trees that execute the same batches are the same; so is one that took a snapshot while it went on. */
class ReplicasTest {

    private static DataTree founding() {
        return DataTree.founding(StateMachine.membership());
    }

    private static Batch batch(DataTree tree, RandomRequests requests, int size) {
        long sequence = 1;
        var position = tree.origins().get(1);
        if (position != null) {
            sequence = position.sequence() + 1;
        }
        SectionBuilder builder = new SectionBuilder(1, 1, sequence);
        for (int i = 0; i < size; i++) {
            builder.add(requests.next());
        }
        long first = tree.lastZxid() == 0 ? Zxid.of(StateMachine.EPOCH, 1) : tree.lastZxid() + 1;
        long time = StateMachine.START + Zxid.counter(first) * 7;
        return Batch.seal(tree.lastZxid(), first, 0, time, 0, 0, List.of(builder.build()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void sameBatchesGiveTheSameResultsChangesAndState(long seed) {
        DataTree one = founding();
        DataTree two = founding();
        RandomRequests requests = new RandomRequests(seed, one);
        Random sizes = new Random(seed);
        for (int i = 0; i < 300; i++) {
            Batch batch = batch(one, requests, 1 + sizes.nextInt(8));
            StringBuilder first = new StringBuilder();
            StringBuilder second = new StringBuilder();
            new Executor(one).execute(batch, (s, q, r, z, o) -> describe(first, o));
            new Executor(two).execute(Batch.of(batch.image().clone()), (s, q, r, z, o) -> describe(second, o));
            assertThat(second).hasToString(first.toString());
            assertThat(two.digest()).isEqualTo(one.digest());
        }
        assertThat(TreeDump.of(two)).isEqualTo(TreeDump.of(one));
    }

    private static void describe(StringBuilder text, Outcome outcome) {
        Result result = outcome.result();
        text.append(result instanceof Result.Data ? "data" : result.toString())
                .append(outcome.changes())
                .append('\n');
    }

    @Test
    void theRandomRequestsMeetEveryOutcomeThatMatters() {
        DataTree tree = founding();
        Executor executor = new Executor(tree);
        RandomRequests requests = new RandomRequests(1, tree);
        Map<ErrorCode, Integer> met = new EnumMap<>(ErrorCode.class);
        for (long zxid = Zxid.of(StateMachine.EPOCH, 1); Zxid.counter(zxid) < 20_000; zxid++) {
            Result result = executor.execute(requests.next(), zxid, StateMachine.START + zxid)
                    .result();
            met.merge(result.error(), 1, Integer::sum);
        }
        assertThat(met)
                .containsKeys(
                        ErrorCode.OK,
                        ErrorCode.NO_NODE,
                        ErrorCode.NO_AUTH,
                        ErrorCode.BAD_VERSION,
                        ErrorCode.NODE_EXISTS,
                        ErrorCode.NOT_EMPTY,
                        ErrorCode.INVALID_ACL,
                        ErrorCode.NO_CHILDREN_FOR_EPHEMERALS,
                        ErrorCode.SESSION_EXPIRED,
                        ErrorCode.SESSION_MOVED)
                .doesNotContainKey(ErrorCode.SYSTEM_ERROR);
        assertThat(met.get(ErrorCode.OK)).isGreaterThan(4_000);
    }

    @Test
    @Shows("S37")
    void aFailedRequestNeverMovesTheDigest() {
        DataTree tree = founding();
        Executor executor = new Executor(tree);
        RandomRequests requests = new RandomRequests(9, tree);
        for (long zxid = Zxid.of(StateMachine.EPOCH, 1); Zxid.counter(zxid) < 10_000; zxid++) {
            long before = tree.digest();
            Request request = requests.next();
            Outcome outcome = executor.execute(request, zxid, StateMachine.START + zxid);
            boolean failed = outcome.result().error() != ErrorCode.OK
                    || (outcome.result() instanceof Result.Many many
                            && many.results().stream().anyMatch(r -> r.error() != ErrorCode.OK));
            if (failed) {
                assertThat(tree.digest()).as("%s", request).isEqualTo(before);
                assertThat(outcome.changes()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    @Shows({"S13", "S14"})
    void aSnapshotShowsTheTreeAsOfItsStartWhateverHappensMeanwhile(long seed) throws IOException {
        DataTree tree = founding();
        Executor executor = new Executor(tree);
        RandomRequests requests = new RandomRequests(seed, tree);
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            executor.execute(batch(tree, requests, 5), (s, q, r, z, o) -> {});
        }
        for (int round = 0; round < 10; round++) {
            List<String> expected = TreeDump.of(tree);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            SnapshotEncoder encoder = new SnapshotEncoder(tree, bytes::writeBytes);
            boolean abandon = round % 4 == 3;
            int steps = abandon ? 20 : Integer.MAX_VALUE;
            do {
                // Also before the first slice.
                if (random.nextInt(3) == 0) {
                    executor.execute(batch(tree, requests, 1 + random.nextInt(4)), (s, q, r, z, o) -> {});
                }
            } while (steps-- > 0 && !encodeOne(encoder));
            if (abandon) {
                encoder.abandon();
                continue;
            }
            DataTree decoded = SnapshotDecoder.decode(new ByteArrayInputStream(bytes.toByteArray()));
            assertThat(TreeDump.of(decoded)).isEqualTo(expected);
            assertThat(decoded.lastZxid()).isEqualTo(encoder.zxid());
        }
    }

    private static boolean encodeOne(SnapshotEncoder encoder) {
        return encoder.encodeSome(() -> false);
    }

    @Test
    void aTreeFromASnapshotGoesOnAsTheOriginal() throws IOException {
        DataTree original = founding();
        RandomRequests requests = new RandomRequests(77, original);
        for (int i = 0; i < 200; i++) {
            new Executor(original).execute(batch(original, requests, 5), (s, q, r, z, o) -> {});
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(new SnapshotEncoder(original, bytes::writeBytes).encodeSome(() -> true))
                .isTrue();
        DataTree restored = SnapshotDecoder.decode(new ByteArrayInputStream(bytes.toByteArray()));
        for (int i = 0; i < 100; i++) {
            Batch batch = batch(original, requests, 5);
            new Executor(original).execute(batch, (s, q, r, z, o) -> {});
            new Executor(restored).execute(batch, (s, q, r, z, o) -> {});
        }
        assertThat(TreeDump.of(restored)).isEqualTo(TreeDump.of(original));
    }
}
