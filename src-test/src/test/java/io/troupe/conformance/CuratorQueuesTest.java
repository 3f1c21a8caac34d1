package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.util.ByteString;
import io.troupe.recipes.DelayQueue;
import io.troupe.recipes.Taken;
import io.troupe.recipes.WorkQueue;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.queue.QueueBuilder;
import org.apache.curator.framework.recipes.queue.QueueConsumer;
import org.apache.curator.framework.recipes.queue.QueueSerializer;
import org.apache.curator.framework.state.ConnectionState;
import org.junit.jupiter.api.Test;

/** Queues with Curator at the other end. */
class CuratorQueuesTest extends BesideCurator {
    /** Curator's side of a queue: hands what it gets to the test, or fails the first time. */
    private static class Consumer implements QueueConsumer<String> {
        private final BlockingQueue<String> got = new LinkedBlockingQueue<>();
        private final AtomicInteger failures;

        Consumer(int failures) {
            this.failures = new AtomicInteger(failures);
        }

        @Override
        public void consumeMessage(String message) {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not now: " + message);
            }
            got.add(message);
        }

        @Override
        public void stateChanged(CuratorFramework client, ConnectionState state) {
            // Its queue asks again by itself.
        }

        String next() throws InterruptedException {
            return Objects.requireNonNull(got.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    private static final QueueSerializer<String> TEXT = new QueueSerializer<>() {
        @Override
        public byte[] serialize(String item) {
            return item.getBytes(UTF_8);
        }

        @Override
        public String deserialize(byte[] bytes) {
            return new String(bytes, UTF_8);
        }
    };

    private static String processNext(WorkQueue queue) {
        CompletionStage<String> processed = queue.process(taken -> CompletableFuture.completedFuture(text(taken)));
        return get(processed);
    }

    private static String processNext(DelayQueue queue) {
        CompletionStage<String> processed = queue.process(taken -> CompletableFuture.completedFuture(text(taken)));
        return get(processed);
    }

    private static String text(Taken taken) {
        return taken.items().stream().map(ByteString::utf8String).collect(Collectors.joining(" "));
    }

    @Test
    void whatOneQueuePutsInTheOtherTakesOut() throws Exception {
        var framework = framework(10_000);
        WorkQueue ours = recipes.queue(base, base + "-locks");
        try (var theirs = QueueBuilder.builder(framework, null, TEXT, base).buildQueue()) {
            theirs.start();
            theirs.put("alone");
            var several = List.of("two", "together").iterator();
            theirs.putMulti(() -> several.hasNext() ? several.next() : null);
            assertThat(theirs.flushPuts(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        assertThat(processNext(ours)).isEqualTo("alone");
        assertThat(get(ours.size())).isEqualTo(1);
        assertThat(processNext(ours)).isEqualTo("two together");
        assertThat(count(framework, base)).isZero();

        var consumer = new Consumer(1);
        get(ours.put("ours".getBytes(UTF_8)));
        get(ours.putAll(List.of("as".getBytes(UTF_8), "one".getBytes(UTF_8))));
        try (var theirs = QueueBuilder.builder(framework, consumer, TEXT, base)
                .lockPath(base + "-locks")
                .buildQueue()) {
            theirs.start();
            // It puts what has failed at the end.
            assertThat(List.of(consumer.next(), consumer.next(), consumer.next()))
                    .containsExactlyInAnyOrder("ours", "as", "one");
            await().atMost(PATIENCE).until(() -> count(framework, base) == 0);
        }
    }

    @Test
    void whatOneProcessesTheOtherLeavesAloneUntilItsTakerHasGone() throws Exception {
        var dying = framework(4_000);
        var framework = framework(10_000);
        WorkQueue ours = recipes.queue(base, base + "-locks");
        get(ours.put("first".getBytes(UTF_8)));
        get(ours.put("second".getBytes(UTF_8)));
        Taken held = get(ours.take());
        var stuck = new CountDownLatch(1);
        var begun = new LinkedBlockingQueue<String>();
        var theirs = QueueBuilder.builder(
                        dying,
                        new Consumer(0) {
                            @Override
                            public void consumeMessage(String message) {
                                begun.add(message);
                                try {
                                    stuck.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            }
                        },
                        TEXT,
                        base)
                .lockPath(base + "-locks")
                .buildQueue();
        theirs.start();
        assertThat(begun.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("second");
        CompletableFuture<Taken> waiting = ours.take().toCompletableFuture();
        get(held.done());
        assertThat(waiting).isNotDone();
        assertThat(count(framework, base)).isEqualTo(1);

        CuratorClients.vanish(dying);

        assertThat(text(get(waiting))).isEqualTo("second");
        get(get(waiting).done());
        assertThat(count(framework, base)).isZero();
        stuck.countDown();
    }

    @Test
    void delayedElementsAreNamedAlike() throws Exception {
        var framework = framework(10_000);
        DelayQueue ours = recipes.delayQueue(base, base + "-locks");
        var past = Instant.now().minusSeconds(60);
        try (var theirs = QueueBuilder.builder(framework, null, TEXT, base).buildDelayQueue()) {
            theirs.start();
            theirs.put("much later", Instant.now().plusSeconds(86_400).toEpochMilli());
            theirs.put("second", past.plusSeconds(1).toEpochMilli());
            theirs.put("first", past.toEpochMilli());
            assertThat(theirs.flushPuts(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        var theirName = framework.getChildren().forPath(base).stream()
                .filter(name -> name.contains(String.format("|%08X|", past.toEpochMilli())))
                .findFirst()
                .orElseThrow();
        var ourPath = get(ours.put("second".getBytes(UTF_8), past));
        assertThat(ourPath.substring(base.length() + 1, ourPath.length() - 10))
                .isEqualTo(theirName.substring(0, theirName.length() - 10));
        assertThat(processNext(ours)).isEqualTo("first");
        assertThat(processNext(ours)).isEqualTo("second");
        assertThat(processNext(ours)).isEqualTo("second");
        assertThat(count(framework, base)).isEqualTo(1);

        var consumer = new Consumer(0);
        get(ours.put("soon".getBytes(UTF_8), Instant.now().plusMillis(300)));
        get(ours.put("sooner".getBytes(UTF_8), Instant.now().plusMillis(100)));
        try (var theirs = QueueBuilder.builder(framework, consumer, TEXT, base)
                .lockPath(base + "-locks")
                .buildDelayQueue()) {
            theirs.start();
            assertThat(List.of(consumer.next(), consumer.next())).containsExactly("sooner", "soon");
            await().atMost(PATIENCE).until(() -> count(framework, base) == 1);
        }
    }
}
