package io.troupe.sim;

import io.troupe.recipes.LeaderElection;
import io.troupe.recipes.Lease;
import io.troupe.recipes.Lock;
import io.troupe.recipes.Membership;
import io.troupe.recipes.ReadWriteLock;
import io.troupe.recipes.Standing;
import io.troupe.sim.LeaseBook.Held;
import io.troupe.sim.LeaseBook.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What applications hold by turns: a mutex, a lock for readers and writers, permits, the lead, a place in a group. */
final class LockWork {
    static final String MUTEX = "/locks/mutex";
    static final String INDEX = "/locks/index";
    static final String PERMITS = "/locks/permits";
    static final String LEAD = "/leads/report";
    static final String GROUP = "/group";

    /** Where nothing is left once everybody has given back what he had. */
    static final List<String> LINES = List.of(
            MUTEX,
            INDEX,
            PERMITS + "/locks",
            PERMITS + "/leases",
            LEAD,
            QueueWork.QUEUE + "-locks-takers",
            QueueWork.DELAYED + "-locks-takers");

    private static final int LEAST_HOLD_MILLIS = 20;
    private static final int MOST_HOLD_MILLIS = 1_500;
    private static final int LEAST_LEAD_MILLIS = 500;
    private static final int MOST_LEAD_MILLIS = 3_000;
    private static final int LEAST_PATIENCE_MILLIS = 10;
    private static final int MOST_PATIENCE_MILLIS = 3_000;

    private final RecipeWork work;
    private final LeaseBook book = new LeaseBook();

    LockWork(RecipeWork work) {
        this.work = work;
    }

    LeaseBook book() {
        return book;
    }

    void begin(AppSession at) {
        contend(at, "mutex", MUTEX, at.recipes().mutex(MUTEX), Kind.ALONE);
        ReadWriteLock index = at.recipes().readWriteLock(INDEX);
        if (at.random().nextInt(3) == 0) {
            contend(at, "index", INDEX, index.write(), Kind.WRITE);
        } else {
            contend(at, "index", INDEX, index.read(), Kind.READ);
        }
        contend(at, "permit", PERMITS, at.recipes().semaphore(PERMITS, LeaseBook.PERMITS), Kind.PERMIT);
        stand(at);
        join(at);
    }

    void granted(AppSession at, String what, Held lease) {
        at.says("has %s, token %x".formatted(what, lease.token()));
        book.granted(what, lease).ifPresent(at.world()::fail);
    }

    private void granted(AppSession at, String what, Kind kind, Lease lease) {
        boolean[] lost = {false};
        lease.lost().thenAccept(why -> lost[0] = true);
        granted(at, what, new Held(kind, at.toString(), lease.path(), lease.token(), lease::isHeld, () -> lost[0]));
    }

    // ---- locks ----

    private void contend(AppSession at, String name, String what, Lock lock, Kind kind) {
        if (!work.goesOn()) {
            return;
        }
        RecipeWork.Doing doing = work.begins(at, name);
        CompletionStage<Optional<Lease>> acquired = acquire(at, lock);
        acquired.whenComplete((lease, failure) -> {
            if (failure != null) {
                at.failed("acquiring " + what, failure);
            } else if (lease.isPresent()) {
                granted(at, what, kind, lease.get());
                hold(at, lease.get(), doing, () -> contend(at, name, what, lock, kind));
                return;
            }
            doing.ended(false);
            work.next(at, () -> contend(at, name, what, lock, kind));
        });
    }

    private static CompletionStage<Optional<Lease>> acquire(AppSession at, Lock lock) {
        int patience = at.random().nextInt(LEAST_PATIENCE_MILLIS, MOST_PATIENCE_MILLIS);
        return switch (at.random().nextInt(6)) {
            case 0 -> lock.tryAcquire(Duration.ofMillis(patience));
            case 1 -> {
                CompletableFuture<Lease> impatient = lock.acquire().toCompletableFuture();
                at.later(patience, patience, () -> impatient.cancel(true));
                yield impatient.thenApply(Optional::of);
            }
            default -> lock.acquire().thenApply(Optional::of);
        };
    }

    private void hold(AppSession at, Lease lease, RecipeWork.Doing doing, Runnable again) {
        at.later(LEAST_HOLD_MILLIS, MOST_HOLD_MILLIS, () -> {
            at.says("gives back " + lease.path());
            CompletionStage<?> released = lease.release();
            released.whenComplete((done, failure) -> {
                if (failure != null) {
                    at.failed("releasing " + lease.path(), failure);
                }
                doing.ended(true);
                work.next(at, again);
            });
        });
    }

    // ---- the lead ----

    private void stand(AppSession at) {
        if (!work.goesOn()) {
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "lead");
        LeaderElection election = at.recipes().leaderElection(LEAD, at.toString());
        election.onChange(standing -> {
            if (standing instanceof Standing.Granted now) {
                granted(at, LEAD, Kind.ALONE, now.lease());
                // Led before, too, if it was suspended meanwhile; to resign twice does no harm.
                at.later(LEAST_LEAD_MILLIS, MOST_LEAD_MILLIS, election::resign);
            } else if (standing instanceof Standing.Ended end) {
                onResigned(at, end.cause(), doing);
            }
        });
    }

    private void onResigned(AppSession at, @Nullable Throwable cause, RecipeWork.Doing doing) {
        if (cause != null) {
            at.failed("standing for " + LEAD, cause);
        }
        doing.ended(cause == null);
        work.next(at, () -> stand(at));
    }

    // ---- the group ----

    /** Under the application's name: whatever an earlier process of it has left must go first. */
    private void join(AppSession at) {
        String name = "a" + at.application();
        Membership membership =
                at.recipes().group(GROUP).join(name, at.toString().getBytes(StandardCharsets.UTF_8));
        RecipeWork.Doing doing = work.begins(at, "group");
        CompletionStage<Lease> joined = membership.joined();
        joined.whenComplete((lease, failure) -> {
            if (failure == null) {
                granted(at, GROUP + "/" + name, Kind.ALONE, lease);
            } else {
                at.failed("joining " + GROUP, failure);
            }
            doing.ended(failure == null);
        });
    }
}
