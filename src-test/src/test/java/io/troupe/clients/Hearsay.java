package io.troupe.clients;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** What a {@link FollowingContender} says that it was told of the changes of a znode, in one session after the other. */
final class Hearsay {
    private final List<Span> spans = new ArrayList<>();
    private final Set<Long> told = new HashSet<>();
    private final List<Span> gaps = new ArrayList<>();

    /** Zxids above {@code after}, up to {@code upTo}. */
    private record Span(long after, long upTo) {
        boolean contains(long zxid) {
            return after < zxid && zxid <= upTo;
        }
    }

    private Hearsay() {}

    static Hearsay of(List<String> said) {
        var hearsay = new Hearsay();
        var since = Long.MAX_VALUE;
        var last = 0L;
        for (var line : said) {
            if (line.startsWith(FollowingContender.WATCHES)) {
                since = number(line, FollowingContender.WATCHES);
            } else if (line.startsWith(FollowingContender.CHANGED)) {
                last = number(line, FollowingContender.CHANGED);
                hearsay.told.add(last);
            } else if (line.startsWith(FollowingContender.GAP)) {
                var ends = line.substring(FollowingContender.GAP.length()).split(" ", -1);
                last = Long.parseLong(ends[1]);
                hearsay.gaps.add(new Span(Long.parseLong(ends[0]), last));
            } else if (line.equals(FollowingContender.EXPIRED)) {
                // What came behind the last that it was told of, nobody could tell it any more.
                hearsay.spans.add(new Span(since, last));
                since = Long.MAX_VALUE;
            }
        }
        hearsay.spans.add(new Span(since, Long.MAX_VALUE));
        return hearsay;
    }

    private static long number(String line, String mark) {
        return Long.parseLong(line.substring(mark.length()));
    }

    /** Whether it was told of a change, or of a gap that the change lies in. */
    boolean knows(long zxid) {
        return told.contains(zxid) || gaps.stream().anyMatch(gap -> gap.contains(zxid));
    }

    /** Of these changes those that it should have been told of and was not. */
    NavigableSet<Long> missed(Set<Long> changes) {
        var missed = new TreeSet<>(changes);
        missed.removeIf(zxid -> knows(zxid) || spans.stream().noneMatch(span -> span.contains(zxid)));
        return missed;
    }
}
