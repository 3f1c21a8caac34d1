package io.troupe.tree.state;

import java.util.Set;

/** The rules of paths (contract 2.2). */
public final class ZnodePath {
    public static final String ROOT = "/";
    public static final String ZOOKEEPER = "/zookeeper";
    public static final String QUOTA = "/zookeeper/quota";
    public static final String CONFIG = "/zookeeper/config";

    private static final Set<String> SPECIAL = Set.of(ROOT, ZOOKEEPER, QUOTA, CONFIG);

    private ZnodePath() {}

    /** Whether a znode may have this path. */
    public static boolean isValid(String path) {
        int length = path.length();
        if (length == 0 || path.charAt(0) != '/') {
            return false;
        }
        int segment = 1;
        for (int i = 1; i < length; i++) {
            char c = path.charAt(i);
            if (c == '/') {
                if (isIllegalSegment(path, segment, i)) {
                    return false;
                }
                segment = i + 1;
            } else if (isIllegal(c)) {
                return false;
            }
        }
        return length == 1 || !isIllegalSegment(path, segment, length);
    }

    private static boolean isIllegalSegment(String path, int start, int end) {
        return switch (end - start) {
            case 0 -> true;
            case 1 -> path.charAt(start) == '.';
            case 2 -> path.charAt(start) == '.' && path.charAt(start + 1) == '.';
            default -> false;
        };
    }

    private static boolean isIllegal(char c) {
        return c <= 0x1f || (c >= 0x7f && c <= 0x9f) || (c >= 0xd800 && c <= 0xf8ff) || c >= 0xfff0;
    }

    /** What create and delete ask of a path before they look at the tree: a slash, and no NUL. */
    public static boolean hasParent(String path) {
        return path.indexOf('/') >= 0 && path.indexOf('\0') < 0;
    }

    /** The path up to its last slash; the root's children and the root itself have the root. */
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? ROOT : path.substring(0, slash);
    }

    /** The path of a child. */
    public static String child(String parent, String name) {
        return parent.equals(ROOT) ? ROOT + name : parent + '/' + name;
    }

    /** The znodes that cannot be deleted. */
    public static boolean isSpecial(String path) {
        return SPECIAL.contains(path);
    }
}
