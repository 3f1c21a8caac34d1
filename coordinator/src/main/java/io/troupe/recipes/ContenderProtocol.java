package io.troupe.recipes;

import io.troupe.client.Children;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Created;
import io.troupe.client.Event;
import io.troupe.client.SessionState;
import org.jspecify.annotations.Nullable;

/** Messages of those who contend. */
interface ContenderProtocol {

    interface Command {}

    /** The own znode is there, or could not be made. */
    record Joined(@Nullable Created created, @Nullable Throwable failure) implements Command {}

    /** Who contends. */
    record Listed(
            long look,
            @Nullable Children children,
            @Nullable Throwable failure) implements Command {}

    /** Something has happened to the znode that is waited for. */
    record BlockerStirred() implements Command {}

    /** Something has happened to the own znode. */
    record OwnStirred(String path, Event event) implements Command {}

    /** A watch could not be set. */
    record WatchFailed(CoordinatorException.Refused cause) implements Command {}

    record SessionChanged(SessionState state) implements Command {}

    /** The own znode is gone, or could not be deleted. */
    record Left(@Nullable Throwable failure) implements Command {}

    enum Timer implements Command {
        /** A call failed for a reason that passes. */
        RETRY
    }
}
