package io.troupe.client;

import io.troupe.request.ErrorCode;

/**
 * Why a call failed. Those of {@link Refused} say that the ensemble has decided, and that nothing was changed; after {@link
 * ConnectionLoss} and {@link DeadlineExceeded} a change may have been made or not.
 */
public abstract sealed class CoordinatorException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private CoordinatorException(String message) {
        super(message);
    }

    /** Whether nobody knows if the change that was asked for was made: the answer was lost, or has not come in time. */
    public final boolean isUnknown() {
        return this instanceof ConnectionLoss || this instanceof DeadlineExceeded;
    }

    /**
     * Whether the same call may succeed when it is made again in the same session. Where that is {@link #isUnknown}, it may be done twice
     * then: for a change look first what became of it, or make it so that twice is as once, by the version it expects, say.
     */
    public final boolean isRetryable() {
        return isUnknown()
                || this instanceof Throttled
                || this instanceof TooManyCalls
                || this instanceof TooManyClients
                || (this instanceof TransactionRefused transaction
                        && transaction.refused().isRetryable());
    }

    /** The ensemble refused; nothing was changed. */
    public static sealed class Refused extends CoordinatorException {
        private static final long serialVersionUID = 1;
        private final ErrorCode code;

        private Refused(ErrorCode code, String what) {
            super(code + ": " + what);
            this.code = code;
        }

        /** ZooKeeper's code. */
        public ErrorCode code() {
            return code;
        }
    }

    /** There is no such znode, or it has no parent. */
    public static final class NoNode extends Refused {
        private static final long serialVersionUID = 1;

        private NoNode(String what) {
            super(ErrorCode.NO_NODE, what);
        }
    }

    /** The znode is there already. */
    public static final class NodeExists extends Refused {
        private static final long serialVersionUID = 1;

        private NodeExists(String what) {
            super(ErrorCode.NODE_EXISTS, what);
        }
    }

    /** The znode has children. */
    public static final class NotEmpty extends Refused {
        private static final long serialVersionUID = 1;

        private NotEmpty(String what) {
            super(ErrorCode.NOT_EMPTY, what);
        }
    }

    /** The znode has another version. */
    public static final class BadVersion extends Refused {
        private static final long serialVersionUID = 1;

        private BadVersion(String what) {
            super(ErrorCode.BAD_VERSION, what);
        }
    }

    /** The session's identities do not permit it. */
    public static final class NoAuth extends Refused {
        private static final long serialVersionUID = 1;

        private NoAuth(String what) {
            super(ErrorCode.NO_AUTH, what);
        }
    }

    /** The proof of an identity was not accepted. */
    public static final class AuthFailed extends Refused {
        private static final long serialVersionUID = 1;

        private AuthFailed(String what) {
            super(ErrorCode.AUTH_FAILED, what);
        }
    }

    /** Ephemerals have no children. */
    public static final class NoChildrenForEphemerals extends Refused {
        private static final long serialVersionUID = 1;

        private NoChildrenForEphemerals(String what) {
            super(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS, what);
        }
    }

    /** The access control list is empty, or names what no provider knows. */
    public static final class InvalidAcl extends Refused {
        private static final long serialVersionUID = 1;

        private InvalidAcl(String what) {
            super(ErrorCode.INVALID_ACL, what);
        }
    }

    /** More znodes or bytes than the quota of a path above allows. */
    public static final class QuotaExceeded extends Refused {
        private static final long serialVersionUID = 1;

        private QuotaExceeded(String what) {
            super(ErrorCode.QUOTA_EXCEEDED, what);
        }
    }

    /** The ensemble has too much to do, or too little room on its disks, to take this now. */
    public static final class Throttled extends Refused {
        private static final long serialVersionUID = 1;

        private Throttled(String what) {
            super(ErrorCode.THROTTLED_OP, what);
        }
    }

    /** One of a transaction's writes was refused, so none was made. */
    public static final class TransactionRefused extends CoordinatorException {
        private static final long serialVersionUID = 1;
        private final int index;
        private final Refused refused;

        TransactionRefused(int index, Refused refused) {
            super("write " + index + " of the transaction: " + refused.getMessage());
            this.index = index;
            this.refused = refused;
        }

        /** Which write, from 0. */
        public int index() {
            return index;
        }

        /** Why. */
        public Refused refused() {
            return refused;
        }
    }

    /** The connection was lost before the answer came: whether a change was made is unknown. The session may live on. */
    public static final class ConnectionLoss extends CoordinatorException {
        private static final long serialVersionUID = 1;

        ConnectionLoss(String what) {
            super(what + ": the connection was lost before the answer; whether it was done is unknown");
        }
    }

    /** No answer within the call's deadline; if it is a change, whether it was made is unknown. */
    public static final class DeadlineExceeded extends CoordinatorException {
        private static final long serialVersionUID = 1;

        DeadlineExceeded(String what) {
            super(what + ": no answer within its deadline");
        }
    }

    /** The session has expired: its ephemerals are gone. */
    public static final class SessionExpired extends CoordinatorException {
        private static final long serialVersionUID = 1;

        SessionExpired(long id) {
            super("session " + Long.toHexString(id) + " has expired");
        }
    }

    /** The session was closed, by its owner or with its actor system; nothing can be asked in it any more. */
    public static final class SessionClosed extends CoordinatorException {
        private static final long serialVersionUID = 1;

        SessionClosed(String what) {
            super(what);
        }
    }

    /** More calls wait for their answers than the session's settings allow; this one was not made. */
    public static final class TooManyCalls extends CoordinatorException {
        private static final long serialVersionUID = 1;

        TooManyCalls(int most) {
            super("more than " + most + " calls of this session wait for their answers");
        }
    }

    /**
     * The nodes have as many clients as they may, of all, or at this client's address, or too many came at once
     * ({@code troupe.max-connections} and its like); the session was not opened.
     */
    public static final class TooManyClients extends CoordinatorException {
        private static final long serialVersionUID = 1;

        TooManyClients(String what, String why) {
            super(what + ": a node takes no more clients; " + why);
        }
    }

    /** The call is longer than the nodes take; it was not made. */
    public static final class TooLarge extends CoordinatorException {
        private static final long serialVersionUID = 1;

        TooLarge(String what, int bytes, int most) {
            super(what + ": " + bytes + " bytes, of which a node takes " + most + " at most");
        }
    }

    /** The owner could not log in. */
    static AuthFailed notLoggedIn(String why) {
        return new AuthFailed("logging in by SASL: " + why);
    }

    /** What a node's error code means. */
    static Refused of(int code, String what) {
        ErrorCode known = ErrorCode.of(code);
        return switch (known) {
            case NO_NODE -> new NoNode(what);
            case NODE_EXISTS -> new NodeExists(what);
            case NOT_EMPTY -> new NotEmpty(what);
            case BAD_VERSION -> new BadVersion(what);
            case NO_AUTH -> new NoAuth(what);
            case AUTH_FAILED -> new AuthFailed(what);
            case NO_CHILDREN_FOR_EPHEMERALS -> new NoChildrenForEphemerals(what);
            case INVALID_ACL -> new InvalidAcl(what);
            case QUOTA_EXCEEDED -> new QuotaExceeded(what);
            case THROTTLED_OP -> new Throttled(what);
            default -> new Refused(known, what);
        };
    }
}
