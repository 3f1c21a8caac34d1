package io.troupe.tree.state;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far the requests of each origin node have executed: what makes forwarding exactly once (architecture section 3).
 * Written by {@link DataTree} alone.
 */
public final class Origins {
    private final Map<Integer, Position> positions = new TreeMap<>();

    Origins() {}

    /** Sequences up to {@code sequence} of that incarnation have executed. */
    public record Position(long incarnation, long sequence) {}

    /** The position of an origin, or null when nothing of it ever executed. */
    public @Nullable Position get(int originNode) {
        return positions.get(originNode);
    }

    /** Positions by origin node, ascending. */
    public Map<Integer, Position> all() {
        return new TreeMap<>(positions);
    }

    /** Whether {@code sequence} of that incarnation is exactly the next request expected of the origin. */
    public boolean isNext(int originNode, long incarnation, long sequence) {
        Position position = positions.get(originNode);
        if (position == null || incarnation > position.incarnation()) {
            return sequence == 1;
        }
        return incarnation == position.incarnation() && sequence == position.sequence() + 1;
    }

    @Nullable
    Position put(int originNode, Position position) {
        return positions.put(originNode, position);
    }
}
