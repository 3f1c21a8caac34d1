package io.troupe.request;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.RandomAccess;

/**
 * Names of children, shared by all replies that show them. It knows how long they are together, because adding that up for each of a
 * thousand clients who ask for a hundred thousand names takes longer than everything else that is done for them. Immutable.
 */
public final class NameList extends AbstractList<String> implements RandomAccess {
    /** No names. */
    public static final NameList EMPTY = new NameList(List.of(), 0);

    private final List<String> names;
    private final long characters;
    private final long utf8Bytes;

    /**
     * Takes over {@code names}, which must not be changed any more.
     *
     * @param utf8Bytes of all of them
     */
    public NameList(List<String> names, long utf8Bytes) {
        this.names = Collections.unmodifiableList(names);
        this.utf8Bytes = utf8Bytes;
        long sum = 0;
        for (String name : names) {
            sum += name.length();
        }
        this.characters = sum;
    }

    /** These names. */
    public static NameList copyOf(List<String> names) {
        long bytes = names.stream()
                .mapToLong(name -> name.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        return new NameList(List.copyOf(names), bytes);
    }

    /** UTF-16 characters of all of them. */
    public long characters() {
        return characters;
    }

    /** Bytes of all of them in UTF-8. */
    public long utf8Bytes() {
        return utf8Bytes;
    }

    @Override
    public String get(int index) {
        return names.get(index);
    }

    @Override
    public int size() {
        return names.size();
    }

    @Override
    public Iterator<String> iterator() {
        return names.iterator();
    }
}
