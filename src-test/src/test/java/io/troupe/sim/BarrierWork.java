package io.troupe.sim;

import akka.Done;
import io.troupe.recipes.Barrier;
import io.troupe.recipes.DoubleBarrier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Applications that wait at a barrier until somebody lifts it, and for each other. */
final class BarrierWork {
    static final String GATE = "/barriers/gate";
    static final String TOGETHER = "/barriers/together";

    private static final int MEMBERS = 2;
    private static final int LEAST_MILLIS = 50;
    private static final int MOST_MILLIS = 1_500;

    private final RecipeWork work;
    private final BarrierBook book = new BarrierBook(MEMBERS);
    /** Who waits for others who may never come. */
    private final Map<RecipeWork.Doing, CompletableFuture<Done>> waiting = new LinkedHashMap<>();

    BarrierWork(RecipeWork work) {
        this.work = work;
    }

    void begin(AppSession at) {
        gate(at, at.recipes().barrier(GATE));
        enter(at);
    }

    /** Ends the waiting for others. */
    void end() {
        List.copyOf(waiting.values()).forEach(each -> each.cancel(true));
        waiting.clear();
    }

    // ---- one lifts it for all ----

    private void gate(AppSession at, Barrier gate) {
        if (!work.goesOn()) {
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "gate");
        BarrierBook.Waiting waits = book.waits(at);
        CompletionStage<Boolean> set = gate.set();
        set.whenComplete((first, failure) -> {
            if (failure != null) {
                at.failed("setting " + GATE, failure);
                doing.ended(false);
                return;
            }
            CompletionStage<Done> lifted = gate.await();
            lifted.whenComplete((done, refusal) -> {
                if (refusal == null) {
                    book.passed(waits).ifPresent(at.world()::fail);
                } else {
                    at.failed("waiting at " + GATE, refusal);
                }
                doing.ended(refusal == null);
                work.next(at, () -> gate(at, gate));
            });
            at.later(LEAST_MILLIS, MOST_MILLIS, () -> lift(at, gate));
        });
    }

    private void lift(AppSession at, Barrier gate) {
        BarrierBook.Lift lift = book.lifts(at);
        CompletionStage<Done> lifted = gate.lift();
        lifted.whenComplete((done, failure) -> {
            if (failure == null) {
                book.lifted(lift);
            } else {
                at.failed("lifting " + GATE, failure);
            }
        });
    }

    // ---- all begin and end together ----

    private void enter(AppSession at) {
        if (!work.goesOn()) {
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "together");
        DoubleBarrier barrier = at.recipes().doubleBarrier(TOGETHER, MEMBERS);
        BarrierBook.Participant participant = book.enters(at);
        CompletableFuture<Done> entered = barrier.enter().toCompletableFuture();
        waiting.put(doing, entered);
        CompletionStage<Done> outcome = entered;
        outcome.whenComplete((done, failure) -> {
            waiting.remove(doing);
            if (failure == null) {
                at.says("has entered " + TOGETHER);
                book.entered(participant).ifPresent(at.world()::fail);
                at.later(LEAST_MILLIS, MOST_MILLIS, () -> leave(at, barrier, participant, doing));
            } else {
                at.failed("entering " + TOGETHER, failure);
                doing.ended(false);
            }
        });
    }

    private void leave(
            AppSession at, DoubleBarrier barrier, BarrierBook.Participant participant, RecipeWork.Doing doing) {
        book.leaves(participant);
        CompletionStage<Done> left = barrier.leave();
        left.whenComplete((done, failure) -> {
            if (failure == null) {
                at.says("has left " + TOGETHER);
                book.left(participant).ifPresent(at.world()::fail);
            } else {
                at.failed("leaving " + TOGETHER, failure);
            }
            doing.ended(failure == null);
            work.next(at, () -> enter(at));
        });
    }
}
