package io.troupe.request;

/** A section's body is not what {@link RequestCodec} writes. */
public final class RequestFormatException extends Exception {
    public RequestFormatException(String message) {
        super(message);
    }
}
