package io.troupe.app.console;

/** What a route asks of its caller. */
enum Access {
    /** Nothing. */
    OPEN,
    /** To be on this host, or a user. */
    READ,
    /** To be a user who may change znodes. */
    WRITE,
    /** To be an administrator. */
    ADMIN
}
