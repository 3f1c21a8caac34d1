package io.troupe.tree.state;

import io.troupe.request.NameList;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A znode's children by name: an open-addressed table with linear probing that costs four to eight bytes a child, where a
 * map of the library costs about fifty.
 */
final class Children {
    private static final int SMALLEST = 4;

    /** Children from which on a list of their names is kept for whoever asks next. */
    private static final int WORTH_SHARING = 100;

    private @Nullable Znode[] table = new @Nullable Znode[SMALLEST];
    private int size;
    /** Shared by all replies that show it, and gone with the last of them. */
    private @Nullable WeakReference<NameList> names;

    int size() {
        return size;
    }

    /** The child whose name stands in {@code path} from {@code start} to {@code end}, or null. */
    @Nullable
    Znode find(String path, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            char c = path.charAt(i);
            if (c >= 0x80) {
                return find(path.substring(start, end).getBytes(StandardCharsets.UTF_8));
            }
            hash = hash * 31 + c;
        }
        for (int slot = slot(hash); ; slot = next(slot)) {
            Znode child = table[slot];
            if (child == null || child.isNamed(path, start, end)) {
                return child;
            }
        }
    }

    @Nullable
    Znode find(byte[] name) {
        return table[slotOf(name)];
    }

    /** The slot of that name, or the free one where it would go. */
    private int slotOf(byte[] name) {
        int slot = slot(NameAndData.hash(name));
        for (Znode child = table[slot]; child != null && !child.isNamed(name); child = table[slot]) {
            slot = next(slot);
        }
        return slot;
    }

    /** Their names, in no particular order. Not to be changed. */
    NameList names() {
        NameList shared = names == null ? null : names.get();
        if (shared != null) {
            return shared;
        }
        List<String> fresh = new ArrayList<>(size);
        long bytes = 0;
        for (Znode child : table) {
            if (child != null) {
                fresh.add(child.name());
                bytes += child.nameLength();
            }
        }
        NameList made = new NameList(fresh, bytes);
        if (size >= WORTH_SHARING) {
            names = new WeakReference<>(made);
        }
        return made;
    }

    /**
     * The next names behind {@code after}, which need not be there any more; null for the first. Their order depends on the names alone
     * and not on the size of the table, as slots do: it is that of their spread hashes with the bits reversed, so that a table twice as
     * large has the children of each slot in two slots next to each other.
     */
    NameList names(@Nullable String after, int limit) {
        int bits = Integer.numberOfTrailingZeros(table.length);
        Place behind = after == null ? null : new Place(after);
        List<String> page = new ArrayList<>(Math.min(limit, size));
        int first = behind == null ? 0 : behind.rank >>> (Integer.SIZE - bits);
        for (int turn = first; turn < table.length && page.size() < limit; turn++) {
            for (Place place : placesFrom(Integer.reverse(turn) >>> (Integer.SIZE - bits))) {
                if (page.size() < limit && (behind == null || place.compareTo(behind) > 0)) {
                    page.add(place.name);
                }
            }
        }
        return NameList.copyOf(page);
    }

    /** The children that this slot is for, wherever they had to go, in their order. */
    private List<Place> placesFrom(int home) {
        List<Place> places = new ArrayList<>(2);
        int slot = home;
        for (Znode child = table[slot]; child != null; child = table[slot]) {
            if (slot(child.nameHash()) == home) {
                places.add(new Place(child.name()));
            }
            slot = next(slot);
        }
        if (places.size() > 1) {
            Collections.sort(places);
        }
        return places;
    }

    /** Where a name stands among others. */
    private record Place(int rank, String name) implements Comparable<Place> {
        Place(String name) {
            this(Integer.reverse(spread(NameAndData.hash(name.getBytes(StandardCharsets.UTF_8)))), name);
        }

        @Override
        public int compareTo(Place other) {
            int byRank = Integer.compareUnsigned(rank, other.rank);
            return byRank != 0 ? byRank : name.compareTo(other.name);
        }
    }

    /** Adds a child whose name no other has. */
    void add(Znode child) {
        makeRoom();
        put(freeSlot(child), child);
    }

    /** Adds a child unless another has its name. */
    boolean addIfNew(Znode child) {
        makeRoom();
        int slot = slot(child.nameHash());
        for (Znode other = table[slot]; other != null; other = table[slot]) {
            if (other.hasNameOf(child)) {
                return false;
            }
            slot = next(slot);
        }
        put(slot, child);
        return true;
    }

    private void makeRoom() {
        // At most three quarters full, so that a search that fails ends soon.
        if ((size + 1) * 4L > table.length * 3L) {
            resize(table.length * 2);
        }
    }

    private void put(int slot, Znode child) {
        table[slot] = child;
        size++;
        names = null;
    }

    void remove(byte[] name) {
        int hole = slotOf(name);
        if (table[hole] == null) {
            throw new IllegalStateException("no child " + new String(name, StandardCharsets.UTF_8));
        }
        table[hole] = null;
        size--;
        names = null;
        closeHole(hole);
        if (table.length > SMALLEST && size * 8L < table.length) {
            resize(table.length / 2);
        }
    }

    /** Moves up what was displaced past the hole, so that no search ends there too early. */
    private void closeHole(int first) {
        int hole = first;
        for (int slot = next(hole); ; slot = next(slot)) {
            Znode child = table[slot];
            if (child == null) {
                return;
            }
            int home = slot(child.nameHash());
            int fromHome = (slot - home) & (table.length - 1);
            int fromHole = (slot - hole) & (table.length - 1);
            if (fromHome >= fromHole) {
                table[hole] = child;
                table[slot] = null;
                hole = slot;
            }
        }
    }

    private void resize(int length) {
        @Nullable Znode[] old = table;
        table = new @Nullable Znode[length];
        for (Znode child : old) {
            if (child != null) {
                table[freeSlot(child)] = child;
            }
        }
    }

    /** Where a child goes whose name no other has. */
    private int freeSlot(Znode child) {
        int slot = slot(child.nameHash());
        while (table[slot] != null) {
            slot = next(slot);
        }
        return slot;
    }

    /** Visits all children, in no particular order. */
    void forEach(Consumer<Znode> visitor) {
        for (Znode child : table) {
            if (child != null) {
                visitor.accept(child);
            }
        }
    }

    /** The children at this moment, with gaps. */
    @Nullable
    Znode[] copy() {
        return table.clone();
    }

    /** Names often differ in their last digits alone: the multiplication spreads them over the table. */
    private static int spread(int hash) {
        int spread = (hash ^ (hash >>> 15)) * 0x9E3779B1;
        return spread ^ (spread >>> 16);
    }

    private int slot(int hash) {
        return spread(hash) & (table.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (table.length - 1);
    }
}
