package io.troupe.recipes;

/** Why something is not held any more. */
public enum Loss {
    /** No node answers: the ensemble may end the session, and give it to another, before one does. */
    SUSPENDED,
    /** The ensemble has ended the session. */
    EXPIRED,
    /** The session was closed by its owner, or its actor system has ended. */
    CLOSED,
    /** Somebody has deleted the holder's znode. */
    REMOVED,
    /** Its holder has given it back. */
    RELEASED
}
