package io.troupe.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorSystem;
import io.troupe.recipes.Rig.Party;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of docs/recipes.md, which are those here. */
class RecipesPageTest {
    private final List<Object> worked = new CopyOnWriteArrayList<>();

    private void work(long number) {
        worked.add(number);
    }

    private CompletionStage<Long> write(long token) {
        worked.add(token);
        return CompletableFuture.completedFuture(token);
    }

    private CompletionStage<Boolean> healthy() {
        return CompletableFuture.completedFuture(true);
    }

    private void react(Standing standing) {
        worked.add(standing);
    }

    @Test
    void theyRun(@TempDir Path directory) throws Exception {
        try (Rig rig = new Rig(directory)) {
            Party party = rig.party();
            Rig.get(party.session().whoAmI());
            holding(party.recipes());
            sharing(party.recipes(), party.system());
            Rig.patiently().until(() -> worked.size() >= 13);
        }
    }

    private void holding(Recipes recipes) {
        LeaderElection election = recipes.leaderElection("/services/report/leader", "node-1");
        election.onChange(standing -> react(standing));
        Lease lead = election.awaitLead().toCompletableFuture().join();
        work(lead.token());
        election.resign();

        Lock mutex = recipes.mutex("/locks/report");
        mutex.whileHeld(lease -> write(lease.token()));
        mutex.tryAcquire(Duration.ofSeconds(5)).thenAccept(lease -> lease.ifPresent(Lease::close));

        ReadWriteLock lock = recipes.readWriteLock("/locks/index");
        lock.read().whileHeld(lease -> write(lease.token()));
        lock.write().whileHeld(lease -> write(lease.token()));

        Lock permits = recipes.semaphore("/limits/exports", 3);
        permits.whileHeld(lease -> write(lease.token()));

        WorkQueue jobs = recipes.queue("/queues/jobs");
        jobs.put("resize 7.png".getBytes(StandardCharsets.UTF_8));
        jobs.process(job -> write(job.token()));

        DelayQueue reminders = recipes.delayQueue("/queues/reminders");
        reminders.put(new byte[] {1}, Instant.now().plusSeconds(1));
        reminders.process(reminder -> write(reminder.token()));
    }

    private void sharing(Recipes recipes, ActorSystem<?> system) {
        Counter orders = recipes.counter("/counters/orders");
        orders.increment().thenAccept(number -> work(number));
        orders.changes().runForeach(number -> work(number), system);

        Barrier barrier = recipes.barrier("/barriers/migration");
        barrier.set().toCompletableFuture().join();
        barrier.lift().thenRun(() -> work(0));
        barrier.await().thenRun(() -> work(1));

        DoubleBarrier together = recipes.doubleBarrier("/barriers/step", 1);
        together.enter().toCompletableFuture().join();
        work(1);
        together.leave().toCompletableFuture().join();

        Group group = recipes.group("/groups/workers");
        Membership membership = group.join("worker-1", new byte[] {1});
        group.changes().runForeach(members -> work(members.size()), system);
        membership.leave();

        ConfigValue<String> limit = recipes.config("/config/limit", ConfigValue.Codec.TEXT);
        int version = limit.set("100").toCompletableFuture().join();
        limit.changes().runForeach(now -> work(now.version()), system);
        limit.rollback(version);

        ServiceRegistry services = recipes.services("/services");
        services.register(
                ServiceInstance.of("greeter", "g-1", "10.0.0.7", 8080), Duration.ofSeconds(1), () -> healthy());
        Balancer greeters = services.balancer("greeter", Balancing.LEAST_LOADED);
        greeters.ready().thenCompose(known -> greeters.call(greeter -> write(greeter.port())));
        services.instances("greeter").thenAccept(all -> work(all.size()));
    }

    @Test
    void theyAreThoseOfThePage() throws IOException {
        Path top = Path.of("..").toAbsolutePath().normalize();
        String page = Files.readString(top.resolve("docs/recipes.md"));
        String here = stripped(
                Files.readString(top.resolve("coordinator/src/test/java/io/troupe/recipes/RecipesPageTest.java")));
        List<String> snippets = new ArrayList<>();
        Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
        while (blocks.find()) {
            snippets.add(stripped(blocks.group(1)));
        }

        assertThat(snippets).hasSize(13);
        // The first opens a session, which the rig does here.
        assertThat(snippets.subList(1, 13))
                .allSatisfy(snippet -> assertThat(here).contains(snippet));
    }

    private static String stripped(String text) {
        return text.replaceAll("\\s+", "");
    }
}
