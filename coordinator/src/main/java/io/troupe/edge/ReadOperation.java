package io.troupe.edge;

import io.troupe.request.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node answers by itself, from its own copy of the tree, in the order of the session's requests. */
public sealed interface ReadOperation {

    /** Operations allowed inside {@link MultiRead}. */
    sealed interface Sub extends ReadOperation {}

    record Ping() implements ReadOperation {}

    /** Ends a session that only this node knows; its connection ends behind the reply. */
    record CloseUnreplicated() implements ReadOperation {}

    record Exists(String path, boolean watch) implements ReadOperation {}

    record GetData(String path, boolean watch) implements Sub {}

    record GetChildren(String path, boolean watch, boolean withStat) implements Sub {}

    /**
     * Some of a znode's children, in an order that lasts as long as the children do: whoever asks for the next page behind the last
     * name of each sees every child once that is there all the time. Costs as much as the page, however many there are.
     *
     * @param after the last name of the page before; null for the first
     * @param limit most names, at least 1
     */
    record GetChildrenPage(String path, @Nullable String after, int limit) implements ReadOperation {}

    record GetAcl(String path) implements ReadOperation {}

    record GetAllChildrenNumber(String path) implements ReadOperation {}

    record GetEphemerals(String prefix) implements ReadOperation {}

    record WhoAmI() implements ReadOperation {}

    /** Confirms that the leader still leads, then waits until this node has executed what had committed by then. */
    record Sync(String path) implements ReadOperation {}

    /** {@code mode}: 0 persistent, 1 persistent recursive; anything else is MARSHALLING_ERROR. */
    record AddWatch(String path, int mode) implements ReadOperation {}

    /** {@code type}: 1 children, 2 data, 3 any, 4 persistent, 5 persistent recursive. */
    record CheckWatches(String path, int type) implements ReadOperation {}

    /** As {@link CheckWatches}, and removes what matched. */
    record RemoveWatches(String path, int type) implements ReadOperation {}

    /** A reconnected client's watches; what changed since {@code relativeZxid} fires at once (contract 3.5). */
    record SetWatches(
            long relativeZxid,
            List<String> data,
            List<String> exist,
            List<String> child,
            List<String> persistent,
            List<String> recursive)
            implements ReadOperation {}

    /**
     * The persistent watches that the session had on another node; what they would have told of since {@code zxid} is told first,
     * as far as it is remembered. Answered by {@link io.troupe.request.Result.Resumed}.
     */
    record ResumeWatches(long zxid, List<String> persistent, List<String> recursive) implements ReadOperation {}

    record MultiRead(List<Sub> ops) implements ReadOperation {
        public MultiRead {
            ops = List.copyOf(ops);
        }
    }

    /** A refusal the edge decided; it travels only to be answered in order. */
    record Refused(ErrorCode error) implements ReadOperation {}
}
