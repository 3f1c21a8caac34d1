package io.troupe.sim;

import akka.actor.typed.ActorSystem;
import akka.coordination.lease.LeaseException;
import io.troupe.akka.SimulatedLeases;
import io.troupe.akka.TroupeLease;
import io.troupe.sim.LeaseBook.Held;
import io.troupe.sim.LeaseBook.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * One lease of Akka's that processes of applications contend for. It is a process's, in a session of its own, which outlives those that
 * everything else is done in.
 */
final class LeaseWork {
    private static final String NAME = "singleton";
    private static final String ZNODE = "/akka/leases/" + NAME;
    private static final String OPTIONS =
            "heartbeat-timeout = 6s, lease-operation-timeout = 5s, contact-points = [\"127.0.0.1:1\"]";
    private static final int LEAST_HOLD_MILLIS = 20;
    private static final int MOST_HOLD_MILLIS = 1_500;

    private final RecipeWork work;
    private final Map<ActorSystem<?>, TroupeLease> leases = new HashMap<>();
    /** That the last grant of a lease is over. */
    private final Map<TroupeLease, boolean[]> grants = new HashMap<>();

    LeaseWork(RecipeWork work) {
        this.work = work;
    }

    void begin(AppSession at) {
        TroupeLease lease = leases.computeIfAbsent(
                at.system(), system -> SimulatedLeases.lease(system, at.client(), NAME, at.toString(), OPTIONS));
        contend(at, lease);
    }

    private void contend(AppSession at, TroupeLease lease) {
        if (!work.goesOn()) {
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "lease");
        boolean[] over = {false};
        CompletionStage<Boolean> acquired = lease.acquire(why -> over[0] = true);
        acquired.whenComplete((got, failure) -> {
            // Where it was lost again at once there is nothing to hold.
            long token = lease.token().orElse(0);
            if (failure == null && got && token > 0) {
                // Of an earlier session of the process, which has not been able to release it.
                boolean[] before = grants.put(lease, over);
                if (before != null) {
                    before[0] = true;
                }
                work.locks()
                        .granted(
                                at,
                                ZNODE,
                                new Held(
                                        Kind.ALONE,
                                        at.toString(),
                                        ZNODE,
                                        token,
                                        () -> lease.checkLease()
                                                && lease.token().orElse(0) == token,
                                        () -> over[0]));
                at.later(LEAST_HOLD_MILLIS, MOST_HOLD_MILLIS, () -> release(at, lease, over, doing));
                return;
            }
            failed(at, "acquiring", failure);
            doing.ended(false);
            work.next(at, () -> contend(at, lease));
        });
    }

    private void release(AppSession at, TroupeLease lease, boolean[] over, RecipeWork.Doing doing) {
        at.says("releases " + ZNODE);
        over[0] = true;
        CompletionStage<Boolean> released = lease.release();
        released.whenComplete((done, failure) -> {
            failed(at, "releasing", failure);
            doing.ended(failure == null);
            work.next(at, () -> contend(at, lease));
        });
    }

    /** No node may have answered in time; anything else is a bug. */
    private static void failed(AppSession at, String what, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause != null) {
            at.says("fails: %s %s: %s".formatted(what, ZNODE, cause));
            if (!(cause instanceof LeaseException)) {
                at.world().fail("%s: %s %s failed with %s".formatted(at, what, ZNODE, cause));
            }
        }
    }
}
