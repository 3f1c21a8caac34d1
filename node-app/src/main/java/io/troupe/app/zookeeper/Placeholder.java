package io.troupe.app.zookeeper;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import java.util.List;

/** A tree has members; one that was imported gets them when its ensemble is founded. */
final class Placeholder {
    static final Membership MEMBERSHIP =
            new Membership("imported", 0, List.of(new Member(1, "localhost", 1, "localhost", 1, 0)), null);

    private Placeholder() {}
}
