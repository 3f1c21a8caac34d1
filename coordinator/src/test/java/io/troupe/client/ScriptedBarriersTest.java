package io.troupe.client;

import static io.troupe.client.SessionTest.get;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import io.troupe.client.protocol.Answer;
import io.troupe.client.protocol.Ask;
import io.troupe.client.protocol.Call;
import io.troupe.client.protocol.Coordinator.Open;
import io.troupe.client.protocol.Delivery;
import io.troupe.recipes.DoubleBarrier;
import io.troupe.recipes.Recipes;
import io.troupe.request.ErrorCode;
import io.troupe.request.Stat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What real nodes rarely do at the wrong moment to those who wait at barriers. */
class ScriptedBarriersTest {
    private static final int TIMEOUT = 20_000;
    private static final Stat STAT = new Stat(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    private static final Answer.Failed NO_NODE = new Answer.Failed(ErrorCode.NO_NODE.code());
    private static final int CREATED = 1;

    private final ActorTestKit kit = ActorTestKit.create();
    private final ScriptedNode node = new ScriptedNode(kit);
    private Recipes recipes;

    @BeforeEach
    void open() {
        CompletionStage<Session> opening = CoordinatorClient.create(kit.system(), List.of("127.0.0.1:1"), node.finder())
                .open(SessionSettings.DEFAULT.withDeadline(Duration.ofSeconds(50)));
        Open open = node.awaitOpen();
        node.give(open, TIMEOUT);
        recipes = Recipes.in(get(opening), kit.system());
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void whatHappensBeforeANodeHasTimeForTheWatchIsSeenAllTheSame() throws Exception {
        CompletionStage<Done> lifted = recipes.barrier("/gate").await();

        Call watch = node.await(Ask.AddWatch.class);
        node.answer(watch, new Answer.Failed(ErrorCode.THROTTLED_OP.code()));
        node.answer(node.await(Ask.Exists.class), new Answer.Found(STAT));
        // It is lifted now, of which nobody is told.
        node.answer(node.await(Ask.AddWatch.class), new Answer.Done());
        node.answer(node.await(Ask.Exists.class), NO_NODE);

        get(lifted);
    }

    @Test
    void nobodyIsInsideWhileSomethingStillMakesHisZnode() throws Exception {
        DoubleBarrier barrier = recipes.doubleBarrier("/together", 2);
        CompletionStage<Done> entered = barrier.enter();
        node.answer(node.await(Ask.AddWatch.class), new Answer.Done());
        node.await(Ask.Multi.class);

        // It was made, and the other has opened; of the answer nobody knows.
        node.reset();
        node.give(node.awaitOpen(), TIMEOUT);
        node.answer(node.await(Ask.ResumeWatches.class), new Answer.Resumed(true));
        node.deliver(new Delivery.Fired(CREATED, "/together/ready", 9));
        Call again = node.await(Ask.Multi.class);
        assertThat(entered.toCompletableFuture()).isNotDone();
        node.answer(
                again,
                new Answer.Many(List.of(
                        new Answer.Failed(ErrorCode.NODE_EXISTS.code()),
                        new Answer.Failed(ErrorCode.RUNTIME_INCONSISTENCY.code()))));

        get(entered);
    }

    @Test
    void whoLeavesDoesNotCloseBehindThoseWhoHaveComeSinceHeLooked() throws Exception {
        DoubleBarrier barrier = recipes.doubleBarrier("/together", 1);
        CompletionStage<Done> left = barrier.leave();
        node.answer(node.await(Ask.Delete.class), new Answer.Done());
        node.answer(node.await(Ask.MultiRead.class), inside(3, "ready"));

        Call close = node.await(Ask.Multi.class);
        assertThat(((Ask.Multi) close.ask()).writes())
                .containsExactly(new Ask.Check("/together", 3), new Ask.Delete("/together/ready", -1));
        node.answer(
                close,
                new Answer.Many(List.of(
                        new Answer.Failed(ErrorCode.BAD_VERSION.code()),
                        new Answer.Failed(ErrorCode.RUNTIME_INCONSISTENCY.code()))));
        node.answer(node.await(Ask.MultiRead.class), inside(4, "ready", "other"));
        node.answer(node.await(Ask.AddWatch.class), new Answer.Done());
        node.answer(node.await(Ask.Exists.class), NO_NODE);
        assertThat(left.toCompletableFuture()).isNotDone();
        node.answer(node.await(Ask.MultiRead.class), inside(4));

        get(left);
    }

    private static Answer inside(int version, String... names) {
        Stat directory = new Stat(1, 1, 0, 0, version, 0, 0, 0, 0, 0, 1);
        return new Answer.Many(
                List.of(new Answer.Data(new byte[0], directory), new Answer.Children(List.of(names), null)));
    }
}
