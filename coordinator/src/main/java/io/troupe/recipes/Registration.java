package io.troupe.recipes;

import akka.Done;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** That an instance gives a service, as long as its session lives and until it is closed. Thread-safe. */
public final class Registration implements AutoCloseable {
    private final Recipes recipes;
    private final ServiceInstance instance;
    private final Membership membership;
    private volatile boolean enabled;
    private volatile boolean closed;

    Registration(Recipes recipes, String path, ServiceInstance instance) {
        this.recipes = recipes;
        this.instance = instance;
        this.enabled = instance.enabled();
        this.membership = new Membership(recipes, path, ServiceJson.write(instance));
    }

    /** Completes once clients see it, for the first time. */
    public CompletionStage<Lease> registered() {
        return membership.joined();
    }

    /** Tells clients to use it or not. */
    public CompletionStage<Done> setEnabled(boolean now) {
        enabled = now;
        return membership.setData(ServiceJson.write(instance.withEnabled(now)));
    }

    /** Asks whether it is well, again and again; what takes longer than the period, or fails, says no. */
    void check(Duration period, Supplier<CompletionStage<Boolean>> health) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        recipes.after(period, () -> answer.complete(false));
        CompletionStage<Boolean> asked = ask(health);
        asked.whenComplete((well, failure) -> answer.complete(failure == null && well));
        CompletionStage<Boolean> answered = answer;
        answered.thenAccept(well -> {
            if (closed) {
                return;
            }
            if (well != enabled) {
                setEnabled(well);
            }
            recipes.after(period, () -> {
                if (!closed) {
                    check(period, health);
                }
            });
        });
    }

    private static CompletionStage<Boolean> ask(Supplier<CompletionStage<Boolean>> health) {
        try {
            return health.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Takes it away; completes once its znode is gone. */
    public CompletionStage<Done> unregister() {
        closed = true;
        return membership.leave();
    }

    /** {@link #unregister} without waiting for it. */
    @Override
    public void close() {
        closed = true;
        membership.close();
    }
}
