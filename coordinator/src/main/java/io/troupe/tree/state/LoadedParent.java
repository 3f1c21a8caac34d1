package io.troupe.tree.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A parent whose children are being loaded. Nodes load millions of znodes before they serve, with code that is not compiled yet:
 * what siblings have in common is looked at once.
 */
final class LoadedParent {
    private final String path;
    private final byte[] prefix;
    private final Znode node;
    /** Of children's paths of this length; the beginning of a path's hash depends on the length. */
    private int hashedLength = -1;

    private long hashOfPrefix;

    /**
     * A parent without children so far, or with some.
     *
     * @param path empty for the root
     */
    LoadedParent(String path, Znode node) {
        this.path = path;
        this.node = node;
        this.prefix = (path + '/').getBytes(StandardCharsets.UTF_8);
    }

    Znode node() {
        return node;
    }

    /**
     * The length of the last segment of a path in UTF-8, where the path is that of a child of this parent, the segment is plain
     * ASCII and a znode may be called so; otherwise 0, and nothing is known of it.
     */
    int plainName(byte[] source, int start, int length) {
        int name = start + prefix.length;
        int end = start + length;
        if (end - name < 3 || !Arrays.equals(source, start, name, prefix, 0, prefix.length)) {
            return 0;
        }
        for (int i = name; i < end; i++) {
            byte c = source[i];
            // Negative is the rest of UTF-8.
            if (c < ' ' || c == '/' || c == 0x7f) {
                return 0;
            }
        }
        return end - name;
    }

    /** The {@link TreeDigest#hash(String)} of the path of a child with this name in ASCII. */
    long hashOfChild(byte[] name) {
        int length = lengthOfChild(name);
        if (length != hashedLength) {
            hashOfPrefix = TreeDigest.beginHash(length, path + '/');
            hashedLength = length;
        }
        return TreeDigest.endHash(hashOfPrefix, name);
    }

    /** Characters in the path of a child with this name in ASCII. */
    int lengthOfChild(byte[] name) {
        return path.length() + 1 + name.length;
    }
}
