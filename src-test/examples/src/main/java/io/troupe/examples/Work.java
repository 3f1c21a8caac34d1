package io.troupe.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.troupe.recipes.Taken;
import io.troupe.recipes.WorkQueue;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A work queue: {@code work put JOB...} puts jobs in, {@code work take NAME [MILLIS]} works them off, each for so long. A job stays in the
 * queue until it is done, so that of a worker that was killed another takes it over.
 */
public final class Work {
    private static final long USUAL_MILLIS = 100;

    private final Application application;
    private final WorkQueue queue;
    private final long millis;

    private Work(Application application, long millis) {
        this.application = application;
        this.queue = application.recipes().queue("/examples/work");
        this.millis = millis;
    }

    public static void main(String[] args) {
        if (args.length > 1 && args[0].equals("put")) {
            new Work(Application.start("put"), 0).put(Arrays.asList(args).subList(1, args.length));
        } else if (args.length > 1 && args[0].equals("take")) {
            new Work(Application.start(args[1]), args.length > 2 ? Long.parseLong(args[2]) : USUAL_MILLIS).take();
        } else {
            System.err.println("usage: work put JOB...  or  work take NAME [MILLIS]");
            System.exit(2);
        }
    }

    private void put(List<String> jobs) {
        CompletableFuture<?>[] all = jobs.stream()
                .map(job -> queue.put(job.getBytes(UTF_8)).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        CompletionStage<Void> put = CompletableFuture.allOf(all);
        put.whenComplete((done, failure) -> {
            application.say(failure == null ? "put " + jobs.size() + " jobs" : "failed: " + failure.getMessage());
            application.stop();
        });
    }

    private void take() {
        application.say("waits for work");
        queue.process(this::work).whenComplete((job, failure) -> {
            if (failure == null) {
                application.say("did " + job);
                take();
            } else {
                application.say("gives up: " + failure.getMessage());
                application.stop();
            }
        });
    }

    private CompletionStage<String> work(Taken taken) {
        String job = taken.items().get(0).utf8String();
        // The same job may be begun twice. What it writes goes with the token, so that the later one wins.
        application.say("begins " + job + " with token " + taken.token());
        return CompletableFuture.supplyAsync(
                () -> job, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
    }
}
