package io.troupe.app.clientport.auth;

import io.troupe.request.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What a client is told that tried to prove who it is (contract 4.4). */
public sealed interface AuthReply {
    /**
     * It goes on.
     *
     * @param token the server's SASL token; null for none
     */
    record Accepted(byte @Nullable [] token) implements AuthReply {}

    /**
     * It is told so, and its connection is closed.
     *
     * @param reason completes the sentence "the client …"
     */
    record Refused(ErrorCode error, String reason) implements AuthReply {}

    /**
     * Its connection is closed without a word, so that it tries another server.
     *
     * @param reason completes the sentence "the client …"
     */
    record Cut(String reason) implements AuthReply {}
}
