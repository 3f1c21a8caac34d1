package io.troupe.broadcast;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Section;
import io.troupe.request.SectionBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Ensembles, requests and history for the tests of this package. */
final class Samples {
    /** Its clients made all sample history; no node of a test has this id. */
    static final int ELSEWHERE = 200;

    static final Membership ONE = members(1);
    static final Membership THREE = members(3);
    static final Membership FIVE = members(5);

    private Samples() {}

    private static Membership members(int voters) {
        return new Membership(
                "ensemble",
                0,
                IntStream.rangeClosed(1, voters).mapToObj(Samples::voter).toList(),
                null);
    }

    static Member voter(int nodeId) {
        return new Member(nodeId, "host" + nodeId, 7000, "host" + nodeId, 2181, disk(nodeId));
    }

    /** How a node of the sample ensembles introduces itself. */
    static PeerMessage.LearnerInfo info(int nodeId, long diskId, String ensembleId, long acceptedEpoch) {
        return new PeerMessage.LearnerInfo(voter(nodeId).withDisk(diskId), ensembleId, acceptedEpoch, 0, true);
    }

    static long zxid(long epoch, long counter) {
        return Zxid.of(epoch, counter);
    }

    /** The disk with which a node of the sample ensembles counts. */
    static long disk(int nodeId) {
        return 100L + nodeId;
    }

    static Request write(int xid) {
        byte[] data = ("value " + xid).getBytes(StandardCharsets.UTF_8);
        return new Request(77, 5, xid, List.of(), new Operation.SetData("/a", data, -1));
    }

    static List<Request> writes(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(Samples::write).toList();
    }

    /** Each is more than fits into a batch, and travels alone. */
    static List<Request> largeWrites(int count) {
        byte[] data = new byte[2 * Rig.SETTINGS.batchBytes()];
        return IntStream.rangeClosed(1, count)
                .mapToObj(xid -> new Request(77, 5, xid, List.of(), new Operation.SetData("/a", data, -1)))
                .toList();
    }

    static Section section(int origin, long incarnation, long firstSequence, int count) {
        SectionBuilder builder = new SectionBuilder(origin, incarnation, firstSequence);
        writes((int) firstSequence, count).forEach(builder::add);
        return builder.build();
    }

    /** A batch of {@code count} requests that directly follows {@code previous}. */
    static Batch batch(long previous, long first, int count) {
        return batch(previous, first, List.of(section(ELSEWHERE, 1, Zxid.counter(first), count)));
    }

    static Batch batch(long previous, long first, List<Section> sections) {
        return Batch.seal(previous, first, 0, 1_000, 0, 0, sections);
    }

    /** {@code count} batches of one request each, the first of an epoch that begins behind {@code previous}. */
    static List<Batch> epoch(long previous, long epoch, int count) {
        List<Batch> batches = new ArrayList<>();
        long last = previous;
        for (int i = 1; i <= count; i++) {
            batches.add(batch(last, Zxid.of(epoch, i), 1));
            last = Zxid.of(epoch, i);
        }
        return batches;
    }

    static Batch changeOfMembers(long previous, long first, List<Member> voters) {
        return changeOfMembers(previous, first, 0, voters);
    }

    /** One whose leader knew of commits up to {@code commit} when it sealed it. */
    static Batch changeOfMembers(long previous, long first, long commit, List<Member> voters) {
        SectionBuilder builder = new SectionBuilder(0, Zxid.epoch(first), 1);
        builder.add(Request.internal(0, new Operation.ChangeMembers(voters)));
        return Batch.seal(previous, first, commit, 1_000, 0, 0, List.of(builder.build()));
    }
}
