package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerAddress;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/** A session of ZooKeeper's Java client, asked asynchronously, as the other can only be asked. */
final class ZooKeeperApi implements ApiClient {
    static final String NAME = "ZooKeeper's client";

    private static final int TIMEOUT_MILLIS = 10_000;

    private final byte[] data = new byte[DATA_BYTES];
    private final ZooKeeper client;

    /** At this server. */
    ZooKeeperApi(ServerAddress server) throws IOException, InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        client = new ZooKeeper(server.clientAddress(), TIMEOUT_MILLIS, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        if (!connected.await(EnsembleProcesses.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("no session at " + server.clientAddress());
        }
    }

    @Override
    public void prepare() throws Exception {
        client.create(PATH, data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    @Override
    public CompletionStage<?> getData() {
        CompletableFuture<byte[]> outcome = new CompletableFuture<>();
        client.getData(PATH, false, (code, path, context, bytes, stat) -> end(outcome, code, bytes), null);
        return outcome;
    }

    @Override
    public CompletionStage<?> setData() {
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        client.setData(PATH, data, -1, (code, path, context, stat) -> end(outcome, code, stat), null);
        return outcome;
    }

    @Override
    public CompletionStage<?> createAndDelete(long number) {
        String path = PATH + "-" + number;
        CompletableFuture<String> created = new CompletableFuture<>();
        client.create(
                path,
                data,
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.EPHEMERAL,
                (code, asked, context, name) -> end(created, code, name),
                null);
        return created.thenCompose(name -> {
            CompletableFuture<String> deleted = new CompletableFuture<>();
            client.delete(path, -1, (code, asked, context) -> end(deleted, code, asked), null);
            return deleted;
        });
    }

    private static <T> void end(CompletableFuture<T> outcome, int code, T value) {
        if (code == KeeperException.Code.OK.intValue()) {
            outcome.complete(value);
        } else {
            outcome.completeExceptionally(KeeperException.create(KeeperException.Code.get(code)));
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return NAME;
    }
}
