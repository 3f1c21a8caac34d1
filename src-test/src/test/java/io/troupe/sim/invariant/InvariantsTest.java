package io.troupe.sim.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.BroadcastProtocol.Frame;
import io.troupe.broadcast.PeerMessage;
import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.Commit;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.link.ConnectionId;
import io.troupe.request.Batch;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Section;
import io.troupe.request.SectionBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Each property, kept and then broken: an invariant that cannot fail proves nothing. */
class InvariantsTest {
    private static final ConnectionId CONNECTION = new ConnectionId(2, 7, 1);

    private static NodeStatus status(int node, Role role, long epoch, long logged, long executed, long digest) {
        boolean serving = role != Role.LOOKING;
        return new NodeStatus(
                node, role, "", serving, false, epoch, 0, logged, executed, executed, digest, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                null);
    }

    private static NodeStatus leads(int node, long epoch, long logged) {
        return status(node, Role.LEADING, epoch, logged, logged, logged);
    }

    private static NodeStatus follows(int node, long executed, long digest) {
        return status(node, Role.FOLLOWING, 1, executed, executed, digest);
    }

    private static Frame frame(PeerMessage message) {
        return new Frame(1, 7, CONNECTION, 1, message);
    }

    private static Batch batch(long previous, long first, long sequence, String path) {
        Section section = new SectionBuilder(3, 9, sequence)
                .add(Request.internal(0, new Operation.Delete(path, -1)))
                .build();
        return Batch.seal(previous, first, 0, 1_000, 0, 0, List.of(section));
    }

    private static Frame propose(Batch batch) {
        return frame(new Propose(batch.image(), 0));
    }

    private static DurableState disk(long accepted, long current, long last) {
        return new DurableState(accepted, current, last);
    }

    private static Map<String, byte[]> meta(long accepted, long current) {
        String text = "number=1\naccepted-epoch=%d\ncurrent-epoch=%d\n".formatted(accepted, current);
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        text += "crc=%08x\n".formatted(sum.getValue());
        return Map.of("node.meta", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void broken(Optional<String> contradiction, String words) {
        assertThat(contradiction).get().asString().contains(words);
    }

    @Test
    void two_leaders_of_one_epoch_are_noticed() {
        Invariant invariant = new OneLeaderPerEpoch();
        assertThat(invariant.onStatus("n1-1", leads(1, 4, 0))).isEmpty();
        assertThat(invariant.onStatus("n2-1", leads(2, 5, 0))).isEmpty();
        broken(invariant.onStatus("n3-1", leads(3, 4, 0)), "epoch 4 is led by n1-1 and n3-1");
    }

    @Test
    void different_trees_at_one_zxid_are_noticed() {
        Invariant invariant = new DigestsAgree();
        assertThat(invariant.onStatus("n1-1", follows(1, 7, 0xa))).isEmpty();
        assertThat(invariant.onStatus("n2-1", follows(2, 7, 0xa))).isEmpty();
        broken(invariant.onStatus("n3-1", follows(3, 7, 0xb)), "digest");
    }

    @Test
    void a_process_that_goes_back_is_noticed() {
        Invariant invariant = new NothingGoesBack();
        assertThat(invariant.onStatus("n1-1", follows(1, 7, 0))).isEmpty();
        assertThat(invariant.onStatus("n1-2", follows(1, 3, 0))).isEmpty();
        broken(invariant.onStatus("n1-1", follows(1, 6, 0)), "went back");
    }

    @Test
    void two_requests_under_one_zxid_and_two_proposers_in_one_epoch_are_noticed() {
        long first = Zxid.of(1, 1);
        Invariant invariant = new OneHistory();
        assertThat(invariant.onSent(1, 2, propose(batch(0, first, 1, "/a")))).isEmpty();
        assertThat(invariant.onSent(2, 3, propose(batch(0, first, 1, "/a")))).isEmpty();
        broken(invariant.onSent(2, 3, propose(batch(0, first, 1, "/b"))), "another request");
        broken(invariant.onSent(2, 3, propose(batch(first, first + 1, 2, "/c"))), "n1 alone may");
    }

    @Test
    void a_gap_between_proposals_is_noticed_and_a_commit_that_goes_back() {
        long first = Zxid.of(1, 1);
        Invariant invariant = new LocalPrimaryOrder();
        assertThat(invariant.onSent(2, 1, frame(new AckEpoch(1, 0, 0, true)))).isEmpty();
        assertThat(invariant.onSent(1, 2, propose(batch(0, first, 1, "/a")))).isEmpty();
        broken(invariant.onSent(1, 2, propose(batch(first + 1, first + 2, 2, "/c"))), "which follows");
        assertThat(invariant.onSent(1, 2, frame(new Commit(first)))).isEmpty();
        broken(invariant.onSent(1, 2, frame(new Commit(first - 1))), "committed to n2 after");
    }

    @Test
    void a_history_that_is_not_everybodys_is_noticed() {
        long first = Zxid.of(1, 1);
        long other = Zxid.of(2, 1);
        Invariant invariant = new TotalOrder();
        invariant.onSent(1, 2, propose(batch(0, first, 1, "/a")));
        invariant.onSent(1, 2, propose(batch(first, first + 1, 2, "/b")));
        invariant.onSent(3, 2, propose(batch(first, other, 2, "/c")));
        assertThat(invariant.onStatus("n1-1", follows(1, first + 1, 0))).isEmpty();
        assertThat(invariant.onStatus("n2-1", follows(2, first, 0))).isEmpty();
        broken(invariant.onStatus("n3-1", follows(3, other, 0)), "after");
        broken(invariant.onStatus("n3-1", follows(3, other + 5, 0)), "nobody proposed");
    }

    @Test
    void a_request_that_is_executed_twice_or_left_out_is_noticed() {
        long first = Zxid.of(1, 1);
        Invariant twice = new TotalOrder();
        twice.onSent(1, 2, propose(batch(0, first, 1, "/a")));
        twice.onSent(1, 2, propose(batch(first, first + 1, 1, "/a")));
        broken(twice.onStatus("n1-1", follows(1, first + 1, 0)), "request 1");
        Invariant skipped = new TotalOrder();
        skipped.onSent(1, 2, propose(batch(0, first, 1, "/a")));
        skipped.onSent(1, 2, propose(batch(first, first + 1, 3, "/a")));
        broken(skipped.onStatus("n1-1", follows(1, first + 1, 0)), "request 3");
    }

    @Test
    void a_leader_without_what_a_client_saw_is_noticed() {
        long seen = Zxid.of(3, 8);
        Invariant invariant = new LeadersHoldWhatClientsSaw();
        invariant.onAnswer(2, seen);
        assertThat(invariant.onStatus("n1-1", leads(1, 4, seen))).isEmpty();
        broken(invariant.onStatus("n2-1", leads(2, 5, seen - 1)), "a client has seen");
    }

    @Test
    void epochs_on_disk_that_go_back_are_noticed() {
        Invariant invariant = new EpochsNeverRegress();
        assertThat(invariant.onDurable(1, meta(3, 2))).isEmpty();
        broken(invariant.onDurable(1, meta(2, 2)), "went from");
        broken(invariant.onDurable(2, meta(1, 2)), "went from");
    }

    @Test
    void acknowledgements_of_what_is_not_on_disk_are_noticed() {
        Invariant invariant = new PromisesAreDurable(node -> disk(4, 3, 20), node -> 20);
        assertThat(invariant.onSent(1, 2, frame(new AckEpoch(4, 3, 20, true)))).isEmpty();
        broken(invariant.onSent(1, 2, frame(new AckEpoch(5, 3, 20, true))), "promises epoch 5");
        assertThat(invariant.onSent(1, 2, frame(new AckNewLeader(3, 20)))).isEmpty();
        broken(invariant.onSent(1, 2, frame(new AckNewLeader(4, 20))), "NEWLEADER 4");
        broken(invariant.onSent(1, 2, frame(new AckNewLeader(3, 21))), "acknowledges 0x15");
        assertThat(invariant.onSent(1, 2, frame(new Ack(20)))).isEmpty();
        broken(invariant.onSent(1, 2, frame(new Ack(21))), "acknowledges 0x15");
    }

    @Test
    void commits_that_a_minority_holds_are_noticed_even_when_nobody_is_told() {
        Invariant invariant = new CommitsAreHeldByQuorum(3, node -> node == 1 ? 20 : 10);
        assertThat(invariant.onSent(1, 2, frame(new Commit(10)))).isEmpty();
        broken(invariant.onSent(1, 2, frame(new Commit(11))), "1 disks hold it");
        broken(invariant.onStatus("n1-1", follows(1, 12, 0)), "1 disks hold it");
    }
}
