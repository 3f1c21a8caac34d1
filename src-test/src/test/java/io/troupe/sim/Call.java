package io.troupe.sim;

import io.troupe.edge.ReadOperation;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request of a client, from the moment it was made. */
final class Call {
    /** What the client knows of it. */
    enum State {
        WAITING,
        ANSWERED,
        /** The connection ended first: it may or may not have been, or may yet be, executed. */
        UNKNOWN,
        /** It was never sent. */
        NOT_SENT
    }

    private final @Nullable Operation write;
    private final @Nullable ReadOperation read;
    private final Consumer<Call> whenDone;
    private final long invokedNanos;
    private State state = State.WAITING;
    private @Nullable Result result;
    private long sentNanos = -1;
    private long endedNanos;
    private long zxid;
    private long sessionId;

    Call(@Nullable Operation write, @Nullable ReadOperation read, long now, Consumer<Call> whenDone) {
        this.write = write;
        this.read = read;
        this.invokedNanos = now;
        this.whenDone = whenDone;
    }

    @Nullable
    Operation write() {
        return write;
    }

    @Nullable
    ReadOperation read() {
        return read;
    }

    void sent(long session, long now) {
        sessionId = session;
        sentNanos = now;
    }

    void answered(Result outcome, long atZxid, long now) {
        result = outcome;
        zxid = atZxid;
        end(State.ANSWERED, now);
    }

    void abandoned(long now) {
        end(sentNanos < 0 ? State.NOT_SENT : State.UNKNOWN, now);
    }

    private void end(State last, long now) {
        state = last;
        endedNanos = now;
        whenDone.accept(this);
    }

    State state() {
        return state;
    }

    boolean done() {
        return state != State.WAITING;
    }

    /** The answer. */
    Result result() {
        if (result == null) {
            throw new IllegalStateException("no answer: " + this);
        }
        return result;
    }

    boolean ok() {
        return state == State.ANSWERED && result().error() == ErrorCode.OK;
    }

    boolean failedWith(ErrorCode error) {
        return state == State.ANSWERED && result().error() == error;
    }

    /** Of the reply's header. */
    long zxid() {
        return zxid;
    }

    long sessionId() {
        return sessionId;
    }

    long invokedNanos() {
        return invokedNanos;
    }

    long sentNanos() {
        return sentNanos;
    }

    long endedNanos() {
        return endedNanos;
    }

    @Override
    public String toString() {
        return Describe.value(write != null ? write : read) + " " + state + " " + Describe.value(result);
    }
}
