package io.troupe.tree.state;

import io.troupe.request.Acl;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Each distinct ACL list once, with the number of znodes that have it. Ids are this node's own: neither replicated nor
 * part of the digest.
 */
final class AclTable {
    /** The id of {@link Acl#OPEN}, which stays for ever. */
    static final int OPEN_ID = 0;

    private static final int NONE = -1;

    /** Znodes have room for no more. Each id in use costs some hundred bytes: memory ends long before. */
    private static final int MOST_IDS = 1 << 28;

    private final List<@Nullable Entry> entries = new ArrayList<>();
    private final Map<List<Acl>, Integer> ids = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    /** Asked for last: the next znode often has the same list, whose hash is not worth computing again. */
    private int latest = OPEN_ID;

    private static final class Entry {
        private final List<Acl> acl;
        private final long hash;
        private long users = 1;

        Entry(List<Acl> acl) {
            this.acl = acl;
            this.hash = TreeDigest.hash(acl);
        }
    }

    AclTable() {
        acquire(Acl.OPEN);
    }

    /** The id of a list, for one more user. */
    int acquire(List<Acl> acl) {
        int known = find(acl);
        if (known != NONE) {
            latest = known;
            entry(known).users++;
            return known;
        }
        Entry entry = new Entry(List.copyOf(acl));
        Integer reused = free.poll();
        int id = reused == null ? entries.size() : reused;
        if (id == MOST_IDS) {
            throw new IllegalStateException("more than " + MOST_IDS + " ACL lists in use");
        }
        if (reused == null) {
            entries.add(entry);
        } else {
            entries.set(id, entry);
        }
        ids.put(entry.acl, id);
        return id;
    }

    private int find(List<Acl> acl) {
        Entry entry = entries.size() <= latest ? null : entries.get(latest);
        return entry != null && entry.acl.equals(acl) ? latest : ids.getOrDefault(acl, NONE);
    }

    /** One user less. A list without users is dropped. */
    void release(int id) {
        Entry entry = entry(id);
        entry.users--;
        if (entry.users == 0) {
            ids.remove(entry.acl);
            entries.set(id, null);
            free.add(id);
        }
    }

    List<Acl> get(int id) {
        return entry(id).acl;
    }

    /** Of the list's content, for the digest. */
    long hash(int id) {
        return entry(id).hash;
    }

    /** Distinct lists. */
    int size() {
        return ids.size();
    }

    void forEach(BiConsumer<Integer, List<Acl>> visitor) {
        for (int id = 0; id < entries.size(); id++) {
            Entry entry = entries.get(id);
            if (entry != null) {
                visitor.accept(id, entry.acl);
            }
        }
    }

    private Entry entry(int id) {
        Entry entry = entries.get(id);
        if (entry == null) {
            throw new IllegalStateException("no ACL has the id " + id);
        }
        return entry;
    }
}
