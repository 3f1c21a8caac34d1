package io.troupe.broadcast.pipeline;

import io.troupe.request.Section;
import java.util.HashMap;
import java.util.Map;

/** The leader's gate: of each origin node it lets in only the next section, each once. */
public final class Admission {
    private final Map<Integer, Position> admitted = new HashMap<>();

    /** How far an origin has been admitted. */
    public record Position(long incarnation, long sequence) {}

    /** What to do with a section. */
    public enum Verdict {
        ADMIT,
        /** Already ordered: the origin sent it again because it could not know. */
        DUPLICATE,
        /** A section before it is missing: the connection to the origin must be reset. */
        GAP,
        /** Its origin has had a later incarnation: it lost its memory and must start again under another one. */
        OUTDATED
    }

    /** Starts from what the executed history holds of each origin. */
    public Admission(Map<Integer, Position> executed) {
        admitted.putAll(executed);
    }

    /** The newest incarnation of an origin that is known, 0 for none. */
    public long incarnation(int origin) {
        Position last = admitted.get(origin);
        return last == null ? 0 : last.incarnation();
    }

    /** Judges a section, and counts it as admitted if so judged. */
    public Verdict judge(Section section) {
        Position last = admitted.get(section.originNode());
        if (last != null && section.incarnation() < last.incarnation()) {
            return Verdict.OUTDATED;
        }
        long expected = last != null && section.incarnation() == last.incarnation() ? last.sequence() + 1 : 1;
        if (section.firstSequence() < expected) {
            return Verdict.DUPLICATE;
        }
        if (section.firstSequence() > expected) {
            return Verdict.GAP;
        }
        admitted.put(section.originNode(), new Position(section.incarnation(), section.lastSequence()));
        return Verdict.ADMIT;
    }
}
