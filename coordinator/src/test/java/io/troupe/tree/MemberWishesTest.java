package io.troupe.tree;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.troupe.edge.SessionHandle;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.env.HandClock;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The log says why a list of members was refused, and stays short. */
class MemberWishesTest extends DataTreeRig {
    private static final Membership PAIR = new Membership(
            "e",
            0,
            List.of(new Member(NODE, "h", 25520, "h", 2181, 101), new Member(2, "i", 25520, "i", 2181, 102)),
            null);

    private final Logger logger = (Logger) LoggerFactory.getLogger(MemberWishes.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    private List<String> lines() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void whatTheClientLearnsACodeOfIsToldInFull() {
        actor.run(new DataTreeProtocol.Recover(PAIR, recovered.getRef()));
        serve();
        SessionHandle session = connected(sink);
        Request wish = new Request(
                session.sessionId(),
                session.attach(),
                1,
                List.of(new Identity("super", "")),
                new Operation.Reconfigure(List.of(), List.of(NODE, 2), null, -1, true));
        TestInbox<DataTreeProtocol.Judged> judged = TestInbox.create();

        actor.run(new DataTreeProtocol.JudgeReconfiguration(wish, Map.of(NODE, 101L), judged.getRef()));

        assertThat(judged.receiveMessage().operation()).isEqualTo(new Operation.Refused(ErrorCode.BAD_ARGUMENTS));
        assertThat(lines())
                .containsExactly("reconfig by session 0x" + Long.toHexString(session.sessionId())
                        + " is refused: 0 would vote, and 1 are needed at least");
    }

    @Test
    void manyInAMinuteAreNotTold() {
        HandClock clock = new HandClock();
        MemberWishes wishes = new MemberWishes(clock, true);
        for (int i = 0; i < 3 * MemberWishes.LINES; i++) {
            wishes.refused(i, "it is no good");
        }
        assertThat(lines()).hasSize(MemberWishes.LINES + 1).last().asString().contains("are not told");
        clock.pass(60_000);
        wishes.refused(7, "it is no better");
        assertThat(lines()).last().isEqualTo("reconfig by session 0x7 is refused: it is no better");
    }
}
