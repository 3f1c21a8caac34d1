package io.troupe.node;

import org.jspecify.annotations.Nullable;

/** A node could not be started; the message is one line for the operator. */
public final class NodeStartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ExitReason reason;

    NodeStartException(ExitReason reason, @Nullable Throwable cause) {
        super(reason.cause(), cause);
        this.reason = reason;
    }

    /** Why, and with which exit status the process should end. */
    public ExitReason reason() {
        return reason;
    }
}
