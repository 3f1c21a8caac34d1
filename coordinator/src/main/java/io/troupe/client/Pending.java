package io.troupe.client;

import akka.Done;
import akka.actor.Cancellable;
import io.troupe.client.protocol.Answer;
import io.troupe.client.protocol.Ask;
import io.troupe.request.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call that has not been answered. The session's actor only, but for the future. */
final class Pending<T> {
    /** Turns an answer that is no failure into what the caller is told; throws what the caller is told instead. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Answer answer);
    }

    private final Ask ask;
    private final String what;
    private final Reader<T> reader;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final @Nullable Duration deadline;
    private @Nullable Cancellable alarm;
    private int xid;
    private long sentAt;

    /**
     * @param what names it in messages of failures
     * @param deadline null for none
     */
    Pending(Ask ask, String what, @Nullable Duration deadline, Reader<T> reader) {
        this.ask = ask;
        this.what = what;
        this.deadline = deadline;
        this.reader = reader;
    }

    /** One of the session's own, which has no deadline, and whose answer says nothing more than that it was done. */
    static Pending<Done> internal(Ask ask, String what) {
        return new Pending<>(ask, what, null, answer -> Done.getInstance());
    }

    Ask ask() {
        return ask;
    }

    String what() {
        return what;
    }

    CompletableFuture<T> future() {
        return future;
    }

    @Nullable
    Duration deadline() {
        return deadline;
    }

    /** What will tell the actor that it is too late. */
    void alarm(Cancellable set) {
        alarm = set;
    }

    /** It is answered, or nobody waits any more. */
    void disarm() {
        if (alarm != null) {
            alarm.cancel();
        }
    }

    /** Whether nobody waits for it: it was cancelled, or its deadline is over. */
    boolean abandoned() {
        return future.isDone();
    }

    int xid() {
        return xid;
    }

    /** It is sent under this number. */
    void sent(int number) {
        xid = number;
    }

    /** When it was sent, by the session's clock. */
    long sentAt() {
        return sentAt;
    }

    void sentAt(long nanos) {
        sentAt = nanos;
    }

    /** Tells the caller; in the session's thread for that. */
    void complete(Answer answer) {
        if (answer instanceof Answer.Failed failed) {
            future.completeExceptionally(CoordinatorException.of(failed.code(), what));
            return;
        }
        try {
            future.complete(reader.read(answer));
        } catch (CoordinatorException e) {
            future.completeExceptionally(e);
        } catch (RuntimeException e) {
            future.completeExceptionally(CoordinatorException.of(
                    ErrorCode.RUNTIME_INCONSISTENCY.code(), what + ": the answer is of another kind, " + answer));
        }
    }

    /** Tells the caller; in the session's thread for that. */
    void fail(CoordinatorException cause) {
        future.completeExceptionally(cause);
    }

    /** However the session has ended: who wanted it closed has what he wanted. */
    void end(CoordinatorException cause) {
        if (ask instanceof Ask.CloseSession) {
            complete(new Answer.Done());
        } else {
            fail(cause);
        }
    }
}
