package io.troupe.akka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.coordination.lease.javadsl.Lease;
import akka.coordination.lease.javadsl.LeaseProvider;
import io.troupe.client.Ensemble;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippet of docs/akka.md, which is the one here; its configuration is used by the system tests. */
class AkkaPageTest {
    private final CompletableFuture<OptionalLong> worked = new CompletableFuture<>();

    private void work(boolean held, OptionalLong token) {
        assertThat(held).isTrue();
        worked.complete(token);
    }

    private void stop() {
        worked.completeExceptionally(new IllegalStateException("lost"));
    }

    @Test
    void itRuns(@TempDir Path directory) throws Exception {
        try (Ensemble ensemble = Ensemble.start(directory, 1, "")) {
            ActorSystem<?> system = ensemble.application("""
                    troupe.lease.contact-points = ["%s"]
                    singleton.lease = ${troupe.lease} { heartbeat-timeout = 10s }
                    """.formatted(ensemble.place(0)));

            Lease lease = LeaseProvider.get(system).getLease("orders", "singleton.lease", "node-1");
            lease.acquire(reason -> stop()).thenAccept(held -> work(held, ((TroupeLease) lease).token()));

            await().atMost(Ensemble.PATIENCE).until(worked::isDone);
            assertThat(worked.join()).isPresent();
        }
    }

    @Test
    void itIsThatOfThePage() throws Exception {
        Path top = Path.of("..").toAbsolutePath().normalize();
        Matcher snippets = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(top.resolve("docs/akka.md")));
        assertThat(snippets.find()).isTrue();
        String snippet = snippets.group(1);
        String here = Files.readString(top.resolve("coordinator/src/test/java/io/troupe/akka/AkkaPageTest.java"));
        assertThat(here.replaceAll("\\s+", "")).contains(snippet.replaceAll("\\s+", ""));
        assertThat(snippets.find()).isFalse();
    }
}
