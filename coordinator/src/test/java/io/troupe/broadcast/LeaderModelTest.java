package io.troupe.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Zxid;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.request.Batch;
import io.troupe.request.Request;
import io.troupe.request.RequestCodec;
import io.troupe.request.RequestFormatException;
import io.troupe.request.Section;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A leader among followers that keep the rules, under random requests, fsyncs, losses of connections and of leadership:
 * what is executed was durable at a quorum, and in the end every request has executed once, in its client's order.
 */
class LeaderModelTest extends PhaseTest {
    private static final int STEPS = 2_000;

    private final List<Batch> executed = new ArrayList<>();
    private final Map<Integer, Integer> submitted = new TreeMap<>();
    private final List<ModelFollower> followers = new ArrayList<>();

    private void begin() {
        looking(Past.EMPTY);
        followers.add(new ModelFollower(peer(2)));
        followers.add(new ModelFollower(peer(3)));
        rig().elected(new ElectionProtocol.Lead(1));
        followers.forEach(ModelFollower::calls);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyRequestIsExecutedOnceAndOnlyWhatAQuorumHolds(long seed) throws RequestFormatException {
        begin();
        ModelLog log = new ModelLog(rig());
        Random random = new Random(seed);
        for (int i = 0; i < STEPS; i++) {
            step(log, random);
            check(log);
        }
        settle(log);

        assertThat(submitted.keySet()).containsExactly(1, 2, 3);
        assertThat(origins()).isEqualTo(submitted);
        for (ModelFollower follower : followers) {
            assertThat(follower.images())
                    .as("history of node %d", follower.nodeId())
                    .isEqualTo(log.images());
            assertThat(follower.executed()).isEqualTo(executed.size());
        }
    }

    private void step(ModelLog log, Random random) {
        ModelFollower follower = followers.get(random.nextInt(followers.size()));
        switch (random.nextInt(40)) {
            case 0 -> follower.reconnects();
            case 1 -> {
                if (random.nextInt(4) == 0 && rig().phase().equals("leading")) {
                    leadsAgain();
                }
            }
            case 2, 3, 4 -> rig().submit(requests(1, random));
            case 5, 6, 7 -> follower.submits(requests(follower.nodeId(), random));
            case 8, 9, 10, 11 -> log.sync();
            case 12, 13, 14, 15, 16 -> follower.syncs();
            case 17, 18 -> rig().passShortly(Duration.ofMillis(1));
            case 19, 20, 21, 22, 23, 24 -> log.work();
            default -> follower.works();
        }
    }

    private void leadsAgain() {
        rig().found(new HeartbeatProtocol.QuorumLost("a test"));
        rig().elected(new ElectionProtocol.Lead(1));
        followers.forEach(ModelFollower::calls);
    }

    private List<Request> requests(int origin, Random random) {
        int made = submitted.getOrDefault(origin, 0);
        int more = 1 + random.nextInt(3);
        submitted.put(origin, made + more);
        return Samples.writes(made + 1, more);
    }

    /** What was executed in this step follows what was executed before, and a quorum holds it durably. */
    private void check(ModelLog log) {
        for (DataTreeProtocol.Execute execute : rig().tree.all(DataTreeProtocol.Execute.class)) {
            rig().tree.take(DataTreeProtocol.Execute.class);
            for (Batch batch : execute.batches()) {
                long holders =
                        followers.stream().filter(f -> f.holdsDurably(batch)).count();
                assertThat(holders + (log.holdsDurably(batch) ? 1 : 0))
                        .as("holders of %s", batch)
                        .isGreaterThan(1);
                assertThat(batch.previousZxid())
                        .isEqualTo(
                                executed.isEmpty()
                                        ? Zxid.NONE
                                        : executed.get(executed.size() - 1).lastZxid());
                executed.add(batch);
            }
            Batch last = executed.get(executed.size() - 1);
            rig().tell(new BroadcastProtocol.TreeExecuted(
                    new DataTreeProtocol.Executed(last.lastZxid(), 0, ownSequence(), null)));
        }
    }

    private long ownSequence() {
        return executed.stream()
                .flatMap(b -> b.sections().stream())
                .filter(s -> s.originNode() == Past.NODE)
                .mapToLong(Section::lastSequence)
                .max()
                .orElse(0);
    }

    /** Lets everything that is under way arrive. */
    private void settle(ModelLog log) {
        for (int quiet = 0; quiet < 5; ) {
            boolean worked = log.work();
            log.sync();
            for (ModelFollower follower : followers) {
                if (follower.isReset()) {
                    follower.calls();
                }
                worked |= follower.works();
                follower.syncs();
                follower.forwards();
            }
            int before = executed.size();
            check(log);
            if (!worked) {
                rig().passShortly(Duration.ofMillis(5));
            }
            quiet = worked || executed.size() > before ? 0 : quiet + 1;
        }
    }

    /** How many requests of each origin were executed; fails unless they are numbered, and made, in order. */
    private Map<Integer, Integer> origins() throws RequestFormatException {
        Map<Integer, Integer> count = new TreeMap<>();
        for (Batch batch : executed) {
            for (Section section : batch.sections()) {
                int before = count.getOrDefault(section.originNode(), 0);
                assertThat(section.firstSequence()).isEqualTo(before + 1L);
                assertThat(RequestCodec.decode(section))
                        .extracting(Request::xid)
                        .isEqualTo(IntStream.rangeClosed(before + 1, before + section.count())
                                .boxed()
                                .toList());
                count.put(section.originNode(), before + section.count());
            }
        }
        return count;
    }
}
