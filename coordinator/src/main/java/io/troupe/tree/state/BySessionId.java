package io.troupe.tree.state;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is known of sessions, by the session id that each object carries itself: a hash table of nothing but references, for nodes keep
 * several such tables of every session there is. Linear probing; shrinks with what it holds. One thread only.
 *
 * @param <T> what is known of one session; its session id never changes
 */
public final class BySessionId<T> {
    private static final int LEAST_SLOTS = 16;
    /** Multiplied by this, ids that follow one another are spread evenly (Knuth, volume 3, 6.4). */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final ToLongFunction<T> sessionId;
    /** A power of two of them, at most three quarters in use. */
    private @Nullable Object[] slots = new Object[LEAST_SLOTS];

    private int size;

    /** Nothing is known. */
    public BySessionId(ToLongFunction<T> sessionId) {
        this.sessionId = sessionId;
    }

    /** Of how many sessions something is known. */
    public int size() {
        return size;
    }

    /** Null when nothing is known of the session. */
    public @Nullable T get(long id) {
        return at(find(id));
    }

    /** Takes the place of what was known of the session before, which is returned, or null. */
    public @Nullable T put(T known) {
        int slot = find(sessionId.applyAsLong(known));
        T before = at(slot);
        slots[slot] = known;
        if (before == null && ++size > slots.length / 4 * 3) {
            resize(slots.length * 2);
        }
        return before;
    }

    /** Forgets what was known of the session, and returns it, or null. */
    public @Nullable T remove(long id) {
        int slot = find(id);
        T before = at(slot);
        if (before != null) {
            slots[slot] = null;
            closeGap(slot);
            if (--size < slots.length / 8 && slots.length > LEAST_SLOTS) {
                resize(slots.length / 2);
            }
        }
        return before;
    }

    /** Forgets everything. */
    public void clear() {
        slots = new Object[LEAST_SLOTS];
        size = 0;
    }

    /** In no particular order, but always in the same one after the same calls. */
    public void forEach(Consumer<T> action) {
        for (int slot = 0; slot < slots.length; slot++) {
            T known = at(slot);
            if (known != null) {
                action.accept(known);
            }
        }
    }

    /** All of them, in the order of {@link #forEach}. */
    public List<T> all() {
        List<T> all = new ArrayList<>(size);
        forEach(all::add);
        return all;
    }

    /** Where it is, or the free slot where it would be. */
    private int find(long id) {
        int slot = home(id);
        for (T known = at(slot); known != null && sessionId.applyAsLong(known) != id; known = at(slot)) {
            slot = next(slot);
        }
        return slot;
    }

    private int home(long id) {
        return (int) ((id * GOLDEN) >>> (Long.numberOfLeadingZeros(slots.length) + 1));
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }

    /** Counted forward, round the end of the table. */
    private int distance(int from, int to) {
        return (to - from) & (slots.length - 1);
    }

    @SuppressWarnings("unchecked")
    private @Nullable T at(int slot) {
        return (T) slots[slot];
    }

    /** Moves up whatever is not found any more behind a slot that has become free. */
    private void closeGap(int freed) {
        int gap = freed;
        int slot = next(gap);
        for (T known = at(slot); known != null; known = at(slot)) {
            int wanted = home(sessionId.applyAsLong(known));
            if (distance(wanted, slot) >= distance(gap, slot)) {
                slots[gap] = known;
                slots[slot] = null;
                gap = slot;
            }
            slot = next(slot);
        }
    }

    private void resize(int length) {
        List<T> all = all();
        slots = new Object[length];
        all.forEach(known -> slots[find(sessionId.applyAsLong(known))] = known);
    }
}
