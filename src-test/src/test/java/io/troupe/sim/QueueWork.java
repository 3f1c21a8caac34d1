package io.troupe.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import akka.Done;
import io.troupe.recipes.DelayQueue;
import io.troupe.recipes.Taken;
import io.troupe.recipes.WorkQueue;
import io.troupe.sim.LeaseBook.Held;
import io.troupe.sim.LeaseBook.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What applications put into a queue and take out of it: nothing that was acknowledged is lost, and nothing that is done comes again. */
final class QueueWork {
    static final String QUEUE = "/queue";
    static final String DELAYED = "/delayed";

    private static final int LEAST_WORK_MILLIS = 5;
    private static final int MOST_WORK_MILLIS = 800;
    private static final int MOST_UNDONE = 12;
    private static final int MOST_DELAY_MILLIS = 3_000;

    private final RecipeWork work;
    private final String path;
    private final String names;
    private final Function<AppSession, Ends> ends;
    /** Paths of elements whose putting was acknowledged. */
    private final Set<String> put = new TreeSet<>();

    private final Map<String, String> texts = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    /** Paths of elements whose takers have said that they are done, whatever has become of that. */
    private final Set<String> finished = new HashSet<>();
    /** Those of whom this was acknowledged. */
    private final Set<String> done = new HashSet<>();

    private final Map<RecipeWork.Doing, CompletableFuture<Taken>> waiting = new LinkedHashMap<>();

    /** The two ends of a queue, as one session has them. */
    private interface Ends {
        CompletionStage<String> put(byte[] item);

        CompletionStage<Taken> take();

        /** What is wrong with taking this now, if anything is. */
        Optional<String> wrong(Taken element);
    }

    private QueueWork(RecipeWork work, String path, String names, Function<AppSession, Ends> ends) {
        this.work = work;
        this.path = path;
        this.names = names;
        this.ends = ends;
    }

    /** What comes first is taken first. */
    static QueueWork asPut(RecipeWork work) {
        return new QueueWork(work, QUEUE, "", at -> {
            WorkQueue queue = at.recipes().queue(QUEUE);
            return new Ends() {
                @Override
                public CompletionStage<String> put(byte[] item) {
                    return queue.put(item);
                }

                @Override
                public CompletionStage<Taken> take() {
                    return queue.take();
                }

                @Override
                public Optional<String> wrong(Taken element) {
                    return Optional.empty();
                }
            };
        });
    }

    /** Nothing is taken before its time. */
    static QueueWork delayed(RecipeWork work) {
        return new QueueWork(work, DELAYED, " delayed", at -> {
            DelayQueue queue = at.recipes().delayQueue(DELAYED);
            return new Ends() {
                @Override
                public CompletionStage<String> put(byte[] item) {
                    return queue.put(
                            item,
                            Instant.ofEpochMilli(at.wallMillis() + at.random().nextInt(MOST_DELAY_MILLIS)));
                }

                @Override
                public CompletionStage<Taken> take() {
                    return queue.take();
                }

                @Override
                public Optional<String> wrong(Taken element) {
                    // By the taker's clock: path/queue-|<milliseconds>|<number>
                    long due = Long.parseLong(element.path().split("\\|", -1)[1], 16);
                    return at.wallMillis() >= due
                            ? Optional.empty()
                            : Optional.of("%s has taken %s %d ms before its time"
                                    .formatted(at, element.path(), due - at.wallMillis()));
                }
            };
        });
    }

    String path() {
        return path;
    }

    void begin(AppSession at) {
        Ends queue = ends.apply(at);
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

    private void put(AppSession at, Ends queue) {
        if (!work.goesOn()) {
            return;
        }
        if (undone().size() > MOST_UNDONE) {
            work.next(at, () -> put(at, queue));
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "put" + names);
        String text = at + " " + at.world().nowMillis();
        CompletionStage<String> made = queue.put(text.getBytes(UTF_8));
        made.whenComplete((element, failure) -> {
            if (failure != null) {
                at.failed("putting into " + path, failure);
            } else if (!put.add(element)) {
                at.world().fail(element + " was put in twice");
            } else {
                texts.put(element, text);
            }
            doing.ended(failure == null);
            work.next(at, () -> put(at, queue));
        });
    }

    private void take(AppSession at, Ends queue) {
        if (work.isAtEnd()) {
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "take" + names);
        CompletableFuture<Taken> taking = queue.take().toCompletableFuture();
        waiting.put(doing, taking);
        CompletionStage<Taken> outcome = taking;
        outcome.whenComplete((element, failure) -> {
            waiting.remove(doing);
            if (failure != null) {
                at.failed("taking from " + path, failure);
                doing.ended(false);
                work.next(at, () -> take(at, queue));
            } else {
                queue.wrong(element).ifPresent(at.world()::fail);
                process(at, element, doing, () -> take(at, queue));
            }
        });
    }

    private void process(AppSession at, Taken element, RecipeWork.Doing doing, Runnable again) {
        String znode = element.path();
        taken.add(znode);
        finished.remove(znode);
        String text = element.items().get(0).utf8String();
        if (done.contains(znode)) {
            at.world().fail("%s has taken %s, which is done".formatted(at, znode));
        } else if (!text.equals(texts.getOrDefault(znode, text))) {
            at.world().fail("%s holds '%s' instead of '%s'".formatted(znode, text, texts.get(znode)));
        }
        boolean[] over = {false};
        work.locks()
                .granted(
                        at,
                        znode,
                        new Held(Kind.ALONE, at.toString(), znode, element.token(), element::isHeld, () -> over[0]));
        at.later(LEAST_WORK_MILLIS, MOST_WORK_MILLIS, () -> {
            boolean finishes = at.random().nextInt(8) != 0;
            if (finishes) {
                finished.add(znode);
            }
            at.says((finishes ? "is done with " : "gives back ") + znode);
            CompletionStage<Done> ended = finishes ? element.done() : element.giveBack();
            over[0] = true;
            ended.whenComplete((nothing, failure) -> {
                if (failure != null) {
                    at.failed((finishes ? "finishing " : "giving back ") + znode, failure);
                } else if (finishes) {
                    done.add(znode);
                }
                at.says("has ended with " + znode);
                doing.ended(failure == null);
                work.next(at, again);
            });
        });
    }
}
