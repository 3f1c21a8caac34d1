package io.troupe.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import akka.Done;
import io.troupe.recipes.Taken;
import io.troupe.recipes.WorkQueue;
import io.troupe.sim.LeaseBook.Held;
import io.troupe.sim.LeaseBook.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What applications put into a queue and take out of it: nothing that was acknowledged is lost, and nothing that is done comes again. */
final class QueueWork {
    static final String QUEUE = "/queue";

    private static final int LEAST_WORK_MILLIS = 5;
    private static final int MOST_WORK_MILLIS = 800;
    private static final int MOST_UNDONE = 12;

    private final RecipeWork work;
    private final LockWork locks;
    /** Paths of elements whose putting was acknowledged. */
    private final Set<String> put = new TreeSet<>();

    private final Map<String, String> texts = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    /** Paths of elements whose takers have said that they are done, whatever has become of that. */
    private final Set<String> finished = new HashSet<>();
    /** Those of whom this was acknowledged. */
    private final Set<String> done = new HashSet<>();

    private final Map<RecipeWork.Doing, CompletableFuture<Taken>> waiting = new LinkedHashMap<>();

    QueueWork(RecipeWork work, LockWork locks) {
        this.work = work;
        this.locks = locks;
    }

    void begin(AppSession at) {
        WorkQueue queue = at.recipes().queue(QUEUE);
        put(at, queue);
        take(at, queue);
    }

    /** Elements that were put, or came to be there although that was not acknowledged, and that nobody has done yet. */
    Set<String> undone() {
        Set<String> left = new TreeSet<>(put);
        left.addAll(taken);
        left.removeAll(finished);
        return left;
    }

    /** Ends the waiting for more. */
    void end() {
        List.copyOf(waiting.values()).forEach(each -> each.cancel(true));
        waiting.clear();
    }

    private void put(AppSession at, WorkQueue queue) {
        if (!work.goesOn()) {
            return;
        }
        if (undone().size() > MOST_UNDONE) {
            work.next(at, () -> put(at, queue));
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "put");
        String text = at + " " + at.world().nowMillis();
        CompletionStage<String> made = queue.put(text.getBytes(UTF_8));
        made.whenComplete((path, failure) -> {
            if (failure != null) {
                at.failed("putting into " + QUEUE, failure);
            } else if (!put.add(path)) {
                at.world().fail(path + " was put in twice");
            } else {
                texts.put(path, text);
            }
            doing.ended(failure == null);
            work.next(at, () -> put(at, queue));
        });
    }

    private void take(AppSession at, WorkQueue queue) {
        if (work.isAtEnd()) {
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "take");
        CompletableFuture<Taken> taking = queue.take().toCompletableFuture();
        waiting.put(doing, taking);
        CompletionStage<Taken> outcome = taking;
        outcome.whenComplete((element, failure) -> {
            waiting.remove(doing);
            if (failure != null) {
                at.failed("taking from " + QUEUE, failure);
                doing.ended(false);
                work.next(at, () -> take(at, queue));
            } else {
                process(at, element, doing, () -> take(at, queue));
            }
        });
    }

    private void process(AppSession at, Taken element, RecipeWork.Doing doing, Runnable again) {
        String path = element.path();
        taken.add(path);
        finished.remove(path);
        String text = element.items().get(0).utf8String();
        if (done.contains(path)) {
            at.world().fail("%s has taken %s, which is done".formatted(at, path));
        } else if (!text.equals(texts.getOrDefault(path, text))) {
            at.world().fail("%s holds '%s' instead of '%s'".formatted(path, text, texts.get(path)));
        }
        boolean[] over = {false};
        locks.granted(
                at, path, new Held(Kind.ALONE, at.toString(), path, element.token(), element::isHeld, () -> over[0]));
        at.later(LEAST_WORK_MILLIS, MOST_WORK_MILLIS, () -> {
            boolean finishes = at.random().nextInt(8) != 0;
            if (finishes) {
                finished.add(path);
            }
            at.says((finishes ? "is done with " : "gives back ") + path);
            CompletionStage<Done> ended = finishes ? element.done() : element.giveBack();
            over[0] = true;
            ended.whenComplete((nothing, failure) -> {
                if (failure != null) {
                    at.failed((finishes ? "finishing " : "giving back ") + path, failure);
                } else if (finishes) {
                    done.add(path);
                }
                at.says("has ended with " + path);
                doing.ended(failure == null);
                work.next(at, again);
            });
        });
    }
}
