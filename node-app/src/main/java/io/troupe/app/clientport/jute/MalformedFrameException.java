package io.troupe.app.clientport.jute;

import java.io.IOException;

/** A client sent bytes that are not the protocol's; the message completes the sentence "the client …". */
public final class MalformedFrameException extends IOException {
    public MalformedFrameException(String message) {
        super(message);
    }
}
