package io.troupe.bench;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Session;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerAddress;
import io.troupe.request.CreateMode;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** An Akka application's session, by message. */
final class ActorApi implements ApiClient {
    static final String NAME = "by message";

    private final byte[] data = new byte[DATA_BYTES];
    private final ActorSystem<Void> application = ActorSystem.create(
            Behaviors.empty(), "application", ConfigFactory.parseString("""
                    akka.actor.provider = remote
                    akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    akka.remote.warn-about-direct-use = off
                    """).withFallback(ConfigFactory.load()));
    private final Session session;

    /** At this server. */
    ActorApi(ServerAddress server) throws Exception {
        session = CoordinatorClient.create(application, List.of(server.host() + ":" + server.peerPort()))
                .open()
                .toCompletableFuture()
                .get(EnsembleProcesses.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void prepare() throws Exception {
        session.create(PATH, data, CreateMode.PERSISTENT)
                .toCompletableFuture()
                .get(EnsembleProcesses.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> getData() {
        return session.getData(PATH);
    }

    @Override
    public CompletionStage<?> setData() {
        return session.setData(PATH, data);
    }

    @Override
    public CompletionStage<?> createAndDelete(long number) {
        String path = PATH + "-" + number;
        return session.create(path, data, CreateMode.EPHEMERAL).thenCompose(created -> session.delete(path));
    }

    @Override
    public void close() {
        session.close().toCompletableFuture().join();
        application.terminate();
        application.getWhenTerminated().toCompletableFuture().join();
    }

    @Override
    public String toString() {
        return NAME;
    }
}
