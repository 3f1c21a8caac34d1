package io.troupe.recipes;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.stream.OverflowStrategy;
import akka.stream.javadsl.Source;
import io.troupe.client.ReadResult;
import io.troupe.client.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A candidate in an election. Who stands longest leads; the next one follows when its session is over or it resigns. A leader whose
 * session has no node is told that it leads no more, before anybody else can; when its session gets a node again in time it leads again,
 * with the same token. Thread-safe.
 */
public final class LeaderElection implements AutoCloseable {
    private static final int WAITING = 16;

    private final Recipes recipes;
    private final String path;
    private final List<Follower> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private final ActorRef<Release> candidate;
    private volatile @Nullable Told standing;
    private long told;

    /**
     * One who stands.
     *
     * @param path of its znode
     * @param token a fencing token, of whoever leads
     */
    public record Candidate(String id, String path, long token) {}

    /** The how many-th standing. */
    private record Told(long number, Standing standing) {}

    /** One who is told of each standing once, in their order, though he is told the first by another thread. */
    private static final class Follower {
        private final Consumer<Standing> listener;
        private long last;

        Follower(Consumer<Standing> listener) {
            this.listener = listener;
        }

        synchronized void tell(Told told) {
            if (told.number() > last) {
                last = told.number();
                listener.accept(told.standing());
            }
        }
    }

    LeaderElection(Recipes recipes, String path, String id) {
        this.recipes = recipes;
        this.path = path;
        this.candidate = recipes.spawn(candidate(recipes, path, id, this::tell), "candidate");
    }

    static Behavior<Release> candidate(Recipes recipes, String path, String id, Consumer<Standing> listener) {
        byte[] data = id.getBytes(StandardCharsets.UTF_8);
        Contest contest = new Contest(path, Line.LATCH, data, Line.alone(Line.LATCH));
        return ContenderActor.create(recipes.session(), recipes.ids(), contest, listener)
                .narrow();
    }

    private void tell(Standing now) {
        Told next = new Told(++told, now);
        standing = next;
        listeners.forEach(listener -> listener.tell(next));
        if (now instanceof Standing.Ended end) {
            if (end.cause() == null) {
                ended.complete(Done.getInstance());
            } else {
                ended.completeExceptionally(end.cause());
            }
        }
    }

    /** What this candidate leads by; empty when it does not lead, as far as its session has heard. */
    public Optional<Lease> lead() {
        Told now = standing;
        return now != null
                        && now.standing() instanceof Standing.Granted granted
                        && granted.lease().isHeld()
                ? Optional.of(granted.lease())
                : Optional.empty();
    }

    /** Whether nobody else can lead now, as far as this session has heard. */
    public boolean isLeader() {
        return lead().isPresent();
    }

    /** Completes once this candidate leads; at once when it does. Fails when it stands no more. */
    public CompletionStage<Lease> awaitLead() {
        CompletableFuture<Lease> leads = new CompletableFuture<>();
        Session.Subscription listening = onChange(now -> {
            if (now instanceof Standing.Granted granted) {
                leads.complete(granted.lease());
            } else if (now instanceof Standing.Ended end) {
                leads.completeExceptionally(
                        end.cause() == null ? new IllegalStateException("the candidate has resigned") : end.cause());
            }
        });
        CompletionStage<Lease> outcome = leads;
        outcome.whenComplete((lease, failure) -> listening.close());
        return leads;
    }

    /**
     * Tells how this candidate stands now, if that is known, and of each change. The listener must not wait for anything.
     *
     * @return ends that
     */
    public Session.Subscription onChange(Consumer<Standing> listener) {
        Follower follower = new Follower(listener);
        listeners.add(follower);
        Told now = standing;
        if (now != null) {
            follower.tell(now);
        }
        return () -> listeners.remove(follower);
    }

    /** {@link #onChange} as a stream that ends with {@link Standing.Ended}. A consumer that is slow gets the latest. */
    public Source<Standing, NotUsed> changes() {
        return Source.<Standing>queue(WAITING, OverflowStrategy.dropHead())
                .mapMaterializedValue(queue -> onChange(now -> {
                    CompletionStage<?> offered = queue.offer(now);
                    if (now instanceof Standing.Ended) {
                        // Akka's stages run what is given no executor in threads outside of the actor system.
                        offered.thenRunAsync(queue::complete, recipes.system().executionContext());
                    }
                }))
                .watchTermination((listening, done) -> {
                    done.whenCompleteAsync(
                            (ok, failure) -> listening.close(), recipes.system().executionContext());
                    return NotUsed.getInstance();
                });
    }

    /** All who stand, the leader first, as far as this session's node knows. */
    public CompletionStage<List<Candidate>> candidates() {
        return recipes.session().getChildren(path).thenCompose(children -> {
            List<String> paths = Line.sorted(children.names(), Line.LATCH).stream()
                    .map(name -> path + "/" + name)
                    .toList();
            return paths.isEmpty()
                    ? CompletableFuture.completedFuture(List.of())
                    : recipes.session().readAll(paths, List.of()).thenApply(results -> candidates(paths, results));
        });
    }

    private static List<Candidate> candidates(List<String> paths, List<ReadResult> results) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            if (results.get(i) instanceof ReadResult.Data read) {
                candidates.add(new Candidate(
                        read.data().text(), paths.get(i), read.data().stat().czxid()));
            }
        }
        return List.copyOf(candidates);
    }

    /** Who leads, as far as this session's node knows. */
    public CompletionStage<Optional<Candidate>> leader() {
        return candidates().thenApply(all -> all.stream().findFirst());
    }

    /** Stands no more; completes once another can lead. */
    public CompletionStage<Done> resign() {
        candidate.tell(new Release());
        return ended.minimalCompletionStage();
    }

    /** {@link #resign} without waiting for it. */
    @Override
    public void close() {
        candidate.tell(new Release());
    }
}
