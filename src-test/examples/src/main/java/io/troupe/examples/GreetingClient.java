package io.troupe.examples;

import io.troupe.recipes.Balancer;
import io.troupe.recipes.Balancing;
import io.troupe.recipes.ServiceInstance;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Calls the servers in turn, five times a second, while they come and go: {@code client NAME}. A server that was killed stays
 * registered until its session is over: until then calls to it fail, and go to the next.
 */
public final class GreetingClient {
    private static final int ATTEMPTS = 10;
    private static final long EVERY_MILLIS = 200;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Application application;
    private final Balancer greeters;

    private GreetingClient(Application application) {
        this.application = application;
        this.greeters = application.recipes().services("/examples/services").balancer("greeter", Balancing.ROUND_ROBIN);
    }

    public static void main(String[] args) {
        GreetingClient client = new GreetingClient(Application.start(args.length > 0 ? args[0] : "client"));
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        client.greeters.ready().thenRun(() -> {
            Future<?> unused =
                    clock.scheduleAtFixedRate(() -> client.call(ATTEMPTS), 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private void call(int attempts) {
        greeters.call(this::get).whenComplete((answer, failure) -> {
            if (failure == null) {
                application.say(answer);
            } else if (attempts > 1) {
                call(attempts - 1);
            } else {
                application.say("no server answers");
            }
        });
    }

    private CompletionStage<String> get(ServiceInstance greeter) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + greeter.address() + ":" + greeter.port() + "/"))
                .timeout(Duration.ofSeconds(1))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenApply(response -> response.body());
    }
}
