package io.troupe.akka;

import akka.Done;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Session;
import io.troupe.client.ZnodeData;
import io.troupe.recipes.Directories;
import io.troupe.request.CreateMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a lease is and what is written there.
 *
 * @param directory of all leases
 * @param name of the znode
 * @param owner who is to hold it
 */
record LeaseZnode(String directory, String name, String owner) {
    LeaseZnode {
        if (!directory.matches("(/[^/]+)+")) {
            throw new IllegalArgumentException(
                    "the leases' path is \"" + directory + "\"; it must be like /akka/leases");
        }
    }

    /** Names of leases are of any letters, a singleton's has the path of its actor; names of znodes have no slash and are not dots. */
    static LeaseZnode of(String directory, String lease, String owner) {
        if (lease.isEmpty()) {
            throw new IllegalArgumentException("a lease without a name");
        }
        String name = URLEncoder.encode(lease, StandardCharsets.UTF_8);
        return new LeaseZnode(directory, name.matches("\\.\\.?") ? name.replace(".", "%2E") : name, owner);
    }

    String path() {
        return directory + "/" + name;
    }

    byte[] data() {
        return owner.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether it is there for this owner in this session: neither another owner of the same process, nor the same before a restart. */
    boolean isOurs(ZnodeData found, long session) {
        return found.stat().ephemeralOwner() == session && found.text().equals(owner);
    }

    /** Makes it, or reads whose it is. */
    CompletionStage<ZnodeData> make(Session session) {
        CompletionStage<ZnodeData> made = Directories.in(
                        session, directory, () -> session.create(path(), data(), CreateMode.EPHEMERAL))
                .thenApply(created -> new ZnodeData(data(), created.stat()));
        return made.handle((created, failure) ->
                        cause(failure) instanceof CoordinatorException.NodeExists ? read(session) : made)
                .thenCompose(Function.identity());
    }

    CompletionStage<ZnodeData> read(Session session) {
        return session.getData(path());
    }

    /** Deletes it if it is ours: another may have it by now. */
    CompletionStage<Done> delete(Session session) {
        return read(session)
                .thenCompose(found -> isOurs(found, session.id())
                        ? session.delete(path())
                        : CompletableFuture.completedFuture(Done.getInstance()));
    }

    /** Why a stage failed, without what {@code java.util.concurrent} wraps around it. */
    static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
