package io.troupe.client;

import static io.troupe.client.SessionTest.failure;
import static io.troupe.client.SessionTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import io.troupe.client.protocol.Answer;
import io.troupe.client.protocol.Ask;
import io.troupe.client.protocol.Call;
import io.troupe.client.protocol.Coordinator.Open;
import io.troupe.client.protocol.Delivery;
import io.troupe.contract.Shows;
import io.troupe.env.Clock;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Stat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session whose node and whose clock are the test's. */
class SessionValidityTest {
    private static final int TIMEOUT = 8_000;
    private static final long CERTAIN = Duration.ofMillis(TIMEOUT * 3 / 4).toNanos();

    private final ActorTestKit kit = ActorTestKit.create();
    private final ScriptedNode node = new ScriptedNode(kit);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<SessionState> states = new CopyOnWriteArrayList<>();
    private long openedAt;
    private Session session;

    @BeforeEach
    void open() {
        Clock clock = new Clock() {
            @Override
            public long monotonicNanos() {
                return nanos.get();
            }

            @Override
            public long wallMillis() {
                return 0;
            }

            @Override
            public void alarm(long delay, Runnable task) {
                throw new AssertionError("nobody was expected to set an alarm");
            }
        };
        CompletionStage<Session> opening = CoordinatorClient.create(
                        kit.system(), List.of("127.0.0.1:1"), node.finder(), clock)
                .open(SessionSettings.DEFAULT.withDeadline(Duration.ofSeconds(50)));
        Open open = node.awaitOpen();
        openedAt = nanos.get();
        pass(Duration.ofSeconds(1));
        node.give(open, TIMEOUT);
        session = get(opening);
        session.onState(states::add);
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void itIsCertainFromWhenItsNodeWasAskedNotFromTheAnswer() throws Exception {
        assertThat(session.validUntil()).isEqualTo(openedAt + CERTAIN);
        assertThat(session.isValid()).isTrue();

        Call ping = node.await(Ask.Ping.class);
        long asked = nanos.get();
        pass(Duration.ofSeconds(2));
        node.answer(ping, new Answer.Done());

        await().atMost(Ensemble.PATIENCE).until(() -> session.validUntil() == asked + CERTAIN);
        assertThat(states).isEmpty();
    }

    @Test
    void aRefusalForItsExpiryMakesItNoMoreCertain() throws Exception {
        pass(Duration.ofSeconds(1));
        CompletionStage<Created> refused = session.create("/full", CreateMode.PERSISTENT);
        Call create = node.await(Ask.Create.class);
        long before = session.validUntil();
        node.answer(create, new Answer.Failed(ErrorCode.SESSION_EXPIRED.code()));

        assertThat(failure(refused)).isInstanceOf(CoordinatorException.Refused.class);
        assertThat(session.validUntil()).isEqualTo(before);
    }

    @Test
    @Shows("S27")
    void whoStoodStillBelievesNobodyButANodeThatGivesItAnew() throws Exception {
        Call ping = node.await(Ask.Ping.class);
        pass(Duration.ofMillis(TIMEOUT));
        assertThat(session.state()).isEqualTo(SessionState.CONNECTED);
        assertThat(session.isValid()).isFalse();
        long before = session.validUntil();

        node.answer(ping, new Answer.Done());

        Open again = node.awaitOpen();
        assertThat(session.validUntil()).isEqualTo(before);
        assertThat(again.sessionId()).isEqualTo(7);
        await().atMost(Ensemble.PATIENCE).until(() -> states.equals(List.of(SessionState.SUSPENDED)));
        assertThat(session.isValid()).isFalse();
        node.give(again, TIMEOUT);
        await().atMost(Ensemble.PATIENCE)
                .until(() -> states.equals(List.of(SessionState.SUSPENDED, SessionState.RECONNECTED)));
        assertThat(session.isValid()).isTrue();
    }

    @Test
    void aNodeThatGivesItTooLateIsAskedAgain() {
        node.reset();
        Open late = node.awaitOpen();
        pass(Duration.ofMillis(TIMEOUT));
        node.give(late, TIMEOUT);

        Open again = node.awaitOpen();

        assertThat(again.attempt()).isGreaterThan(late.attempt());
        assertThat(states).doesNotContain(SessionState.RECONNECTED);
        node.give(again, TIMEOUT);
        await().atMost(Ensemble.PATIENCE).until(session::isValid);
    }

    @Test
    void itIsNotValidOnceItHasExpired() {
        node.deliver(new Delivery.Ended(Delivery.End.EXPIRED));

        await().atMost(Ensemble.PATIENCE).until(() -> session.state() == SessionState.EXPIRED);
        assertThat(session.isValid()).isFalse();
        assertThat(session.validUntil() - nanos.get()).isNotPositive();
    }

    @Test
    void aWatchThatTheNodeHasNoTimeForIsAskedForAgain() throws Exception {
        List<CoordinatorException> ends = new CopyOnWriteArrayList<>();
        List<Event> seen = new CopyOnWriteArrayList<>();
        Watch watch = session.watch("/w", WatchMode.NODE, new WatchListener() {
            @Override
            public void onEvent(Event event) {
                seen.add(event);
            }

            @Override
            public void onEnd(@Nullable CoordinatorException cause) {
                if (cause != null) {
                    ends.add(cause);
                }
            }
        });
        node.answer(node.await(Ask.AddWatch.class), new Answer.Failed(ErrorCode.THROTTLED_OP.code()));
        node.answer(node.await(Ask.AddWatch.class), new Answer.Done());
        get(watch.established());
        node.deliver(new Delivery.Fired(3, "/w", 2));
        await().atMost(Ensemble.PATIENCE).until(() -> seen.size() == 1);

        node.reset();
        node.give(node.awaitOpen(), TIMEOUT);
        node.answer(node.await(Ask.ResumeWatches.class), new Answer.Failed(ErrorCode.THROTTLED_OP.code()));
        node.give(node.awaitOpen(), TIMEOUT);
        node.answer(node.await(Ask.ResumeWatches.class), new Answer.Resumed(true));
        node.deliver(new Delivery.Fired(3, "/w", 3));

        await().atMost(Ensemble.PATIENCE).until(() -> seen.size() == 2);
        assertThat(ends).isEmpty();
    }

    @Test
    void aZnodeWhoseAnswerIsLostIsLookedForByItsId() throws Exception {
        CompletableFuture<Created> created = session.createProtected(
                        "/a/b-", new byte[0], CreateMode.EPHEMERAL_SEQUENTIAL)
                .toCompletableFuture();
        Ask.Create asked = (Ask.Create) node.await(Ask.Create.class).ask();
        assertThat(asked.path()).matches("/a/_c_[0-9a-f-]{36}-b-");
        node.reset();
        node.give(node.awaitOpen(), TIMEOUT);
        Stat stat = new Stat(5, 5, 0, 0, 0, 0, 0, 7, 0, 0, 5);
        String made = asked.path() + "0000000003";
        node.answer(
                node.await(Ask.GetChildren.class),
                new Answer.Children(List.of("_c_other-b-0000000002", made.substring(3)), stat));
        Call exists = node.await(Ask.Exists.class);
        assertThat(((Ask.Exists) exists.ask()).path()).isEqualTo(made);
        node.answer(exists, new Answer.Found(stat));

        assertThat(get(created)).isEqualTo(new Created(made, stat));
    }

    @Test
    void aZnodeThatNobodyWantsAnyMoreIsRemoved() throws Exception {
        CompletableFuture<Created> created = session.createProtected(
                        "/b-", new byte[0], CreateMode.EPHEMERAL_SEQUENTIAL)
                .toCompletableFuture();
        Call create = node.await(Ask.Create.class);
        created.cancel(true);
        String made = ((Ask.Create) create.ask()).path() + "0000000001";
        node.answer(create, new Answer.Created(made, new Stat(5, 5, 0, 0, 0, 0, 0, 7, 0, 0, 5)));

        assertThat(((Ask.Delete) node.await(Ask.Delete.class).ask()).path()).isEqualTo(made);
    }

    @Test
    void failuresTellWhetherItIsWorthWhileToTryAgain() {
        CoordinatorException lost = new CoordinatorException.ConnectionLoss("x");
        CoordinatorException late = new CoordinatorException.DeadlineExceeded("x");
        CoordinatorException.Refused busy = CoordinatorException.of(ErrorCode.THROTTLED_OP.code(), "x");
        CoordinatorException.Refused gone = CoordinatorException.of(ErrorCode.NO_NODE.code(), "x");

        assertThat(List.of(lost, late)).allMatch(CoordinatorException::isUnknown);
        assertThat(List.of(lost, late, busy, new CoordinatorException.TooManyCalls(1)))
                .allMatch(CoordinatorException::isRetryable);
        assertThat(new CoordinatorException.TransactionRefused(0, busy))
                .matches(CoordinatorException::isRetryable)
                .matches(failure -> !failure.isUnknown());
        assertThat(List.of(
                        busy,
                        gone,
                        new CoordinatorException.SessionExpired(1),
                        new CoordinatorException.SessionClosed("x"),
                        new CoordinatorException.TooLarge("x", 2, 1)))
                .noneMatch(CoordinatorException::isUnknown);
        assertThat(List.of(
                        gone,
                        new CoordinatorException.TransactionRefused(0, gone),
                        new CoordinatorException.SessionExpired(1)))
                .noneMatch(CoordinatorException::isRetryable);
    }
}
