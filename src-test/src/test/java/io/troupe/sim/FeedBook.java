package io.troupe.sim;

import io.troupe.client.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The changes of a znode, and what each session that watches it has been told: every change once, in order, or of a gap in which it
 * lies.
 */
final class FeedBook {
    private final TreeSet<Long> published = new TreeSet<>();
    private final List<Follower> followers = new ArrayList<>();

    /** One session that watches. */
    static final class Follower {
        private final AppSession at;
        private final TreeSet<Long> told = new TreeSet<>();
        private final List<Event.Gap> gaps = new ArrayList<>();
        private long beginning = Long.MAX_VALUE;
        private long last;

        private Follower(AppSession at) {
            this.at = at;
        }

        /** It is told of every change after this one. */
        void begins(long zxid) {
            beginning = zxid;
        }

        /** What is wrong with an event, if anything is. */
        Optional<String> told(Event event) {
            long before = last;
            if (event instanceof Event.Gap gap) {
                gaps.add(gap);
                last = Math.max(last, gap.upTo());
                return Optional.empty();
            }
            long zxid = ((Event.Change) event).zxid();
            last = Math.max(last, zxid);
            return told.add(zxid) && zxid > before
                    ? Optional.empty()
                    : Optional.of("%s was told of the change %x after that of %x".formatted(at, zxid, before));
        }

        private boolean knows(long zxid) {
            return told.contains(zxid) || gaps.stream().anyMatch(gap -> gap.after() < zxid && zxid <= gap.upTo());
        }
    }

    Follower follower(AppSession at) {
        Follower follower = new Follower(at);
        followers.add(follower);
        return follower;
    }

    void published(long zxid) {
        published.add(zxid);
    }

    /** Whether everybody whose session lives has been told of the last change. */
    boolean isTold() {
        return followers.stream().noneMatch(follower -> !follower.at.isOver() && follower.last < last(follower));
    }

    private long last(Follower follower) {
        Long last = published.isEmpty() ? null : published.last();
        return last == null || last <= follower.beginning ? 0 : last;
    }

    /** The first change of which somebody should have been told and was not. */
    Optional<String> missed() {
        for (Follower each : followers) {
            long upTo = each.at.isOver() ? each.last : Long.MAX_VALUE;
            for (long zxid : published) {
                if (zxid > each.beginning && zxid <= upTo && !each.knows(zxid)) {
                    return Optional.of("%s, who watches since %x, was not told of the change %x"
                            .formatted(each.at, each.beginning, zxid));
                }
            }
        }
        return Optional.empty();
    }
}
