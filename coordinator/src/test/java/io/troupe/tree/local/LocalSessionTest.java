package io.troupe.tree.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.edge.ClientRequest.Read;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.request.Result;
import io.troupe.tree.local.RecordingSink.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replies leave in the order of the requests, whatever becomes ready first. */
class LocalSessionTest {
    private static final Result WRITTEN = Result.Done.INSTANCE;
    private static final Result READ = new Result.Count(1);

    private final RecordingSink sink = new RecordingSink();
    private final LocalSession session = new LocalSession(new SessionHandle(7, 3), sink, List.of(), false);
    private final List<Integer> answered = new ArrayList<>();

    private Read read(int xid, long afterWrites) {
        return new Read(session.handle(), xid, afterWrites, List.of(), new ReadOperation.Ping());
    }

    private Result answer(Read read) {
        answered.add(read.xid());
        return READ;
    }

    private void executed(int xid, long zxid) {
        session.executed(xid, WRITTEN, zxid);
        session.drain(zxid, this::answer);
    }

    @Test
    void answersAReadAtOnceWhenNothingComesBeforeIt() {
        assertThat(session.mayAnswer(read(1, 0))).isTrue();
        assertThat(session.mayAnswer(read(1, 1))).isFalse();
    }

    @Test
    void letsAReadWaitForRoomForItsReply() {
        sink.full(true);
        assertThat(session.mayAnswer(read(1, 0))).isFalse();
        session.park(read(1, 0));
        session.drain(10, this::answer);
        assertThat(answered).isEmpty();

        sink.full(false);
        session.drain(10, this::answer);
        assertThat(answered).containsExactly(1);
    }

    @Test
    void makesNoReplyForWhomNothingReachesAnyMore() {
        session.park(read(1, 0));
        session.park(read(2, 1));
        sink.beOverrun();
        session.drainBeforeWrite(9, this::answer);
        executed(3, 10);
        assertThat(answered).isEmpty();
        assertThat(session.hasWaiting()).isFalse();
    }

    @Test
    void answersAReadWithoutRoomAheadOfAWriteThatItMustNotSee() {
        sink.full(true);
        session.park(read(1, 0));
        session.drainBeforeWrite(10, this::answer);
        executed(2, 11);
        assertThat(sink.take()).containsExactly(new Reply(1, 10, READ), new Reply(2, 11, WRITTEN));
    }

    @Test
    void letsAReadWaitForTheWritesSubmittedBeforeIt() {
        session.park(read(3, 2));
        executed(1, 10);
        assertThat(sink.take()).containsExactly(new Reply(1, 10, WRITTEN));
        assertThat(session.hasWaiting()).isTrue();

        executed(2, 11);

        assertThat(sink.take()).containsExactly(new Reply(2, 11, WRITTEN), new Reply(3, 11, READ));
        assertThat(session.hasWaiting()).isFalse();
    }

    @Test
    void letsEverythingBehindAWaitingReadWaitToo() {
        session.park(read(2, 1));
        assertThat(session.mayAnswer(read(3, 0))).isFalse();
        session.park(read(3, 1));
        executed(1, 10);

        assertThat(sink.xids()).containsExactly(1, 2, 3);
    }

    @Test
    void letsTheReplyToAWriteWaitForTheSyncBeforeIt() {
        session.parkSync(read(1, 0), 55);
        executed(2, 10);
        session.park(read(3, 1));
        assertThat(sink.take()).isEmpty();

        session.confirmed(54, 1);
        session.drain(10, this::answer);
        assertThat(sink.take()).isEmpty();
        session.confirmed(55, 12);
        session.drain(11, this::answer);
        assertThat(sink.take()).isEmpty();
        session.drain(12, this::answer);

        assertThat(sink.take())
                .containsExactly(new Reply(1, 12, READ), new Reply(2, 12, WRITTEN), new Reply(3, 12, READ));
    }

    @Test
    void answersWhatComesBeforeAWriteInTheStateBeforeIt() {
        session.park(read(2, 1));
        session.park(read(4, 2));
        session.executed(1, WRITTEN, 10);
        session.drainBeforeWrite(10, this::answer);
        assertThat(answered).containsExactly(2);
        executed(3, 11);

        assertThat(sink.take())
                .containsExactly(
                        new Reply(1, 10, WRITTEN),
                        new Reply(2, 10, READ),
                        new Reply(3, 11, WRITTEN),
                        new Reply(4, 11, READ));
    }

    @Test
    void answersASyncBeforeTheWriteBehindItExecutes() {
        session.parkSync(read(1, 0), 55);
        session.drainBeforeWrite(9, this::answer);
        executed(2, 10);

        assertThat(sink.take()).containsExactly(new Reply(1, 9, READ), new Reply(2, 10, WRITTEN));
        session.confirmed(55, 9);
        session.drain(10, this::answer);
        assertThat(sink.take()).isEmpty();
    }

    @Test
    @Covers({"1.3.1", "1.8.1"})
    @Shows("S25")
    void keepsTheOrderOfAnyPipeline() {
        for (int seed = 0; seed < 200; seed++) {
            Pipeline pipeline = new Pipeline(seed);
            pipeline.run();
            assertThat(pipeline.sink.xids()).as("seed %d", seed).isSorted().hasSize(Pipeline.REQUESTS);
        }
    }

    @Test
    void saysOnceThatTheClientWasHeard() {
        assertThat(session.takeTouched()).isTrue();
        assertThat(session.takeTouched()).isFalse();

        session.touch();

        assertThat(session.takeTouched()).isTrue();
    }
}
