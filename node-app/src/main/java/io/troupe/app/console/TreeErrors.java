package io.troupe.app.console;

import io.troupe.request.ErrorCode;
import java.util.Locale;
import java.util.Map;

/** What the errors of the tree are in HTTP. */
final class TreeErrors {
    private record Meaning(int status, String title) {}

    private static final Map<ErrorCode, Meaning> MEANINGS = Map.ofEntries(
            Map.entry(ErrorCode.NO_NODE, new Meaning(404, "There is no such znode")),
            Map.entry(ErrorCode.NO_AUTH, new Meaning(403, "The access control list forbids it")),
            Map.entry(ErrorCode.BAD_VERSION, new Meaning(412, "The znode has another version")),
            Map.entry(ErrorCode.NODE_EXISTS, new Meaning(409, "There is such a znode")),
            Map.entry(ErrorCode.NOT_EMPTY, new Meaning(409, "The znode has children")),
            Map.entry(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS, new Meaning(409, "An ephemeral has no children")),
            Map.entry(ErrorCode.INVALID_ACL, new Meaning(400, "The access control list cannot be used")),
            Map.entry(ErrorCode.BAD_ARGUMENTS, new Meaning(400, "The request cannot be used")),
            Map.entry(ErrorCode.QUOTA_EXCEEDED, new Meaning(507, "A quota is exhausted")),
            Map.entry(ErrorCode.UNIMPLEMENTED, new Meaning(501, "It is switched off")),
            Map.entry(ErrorCode.THROTTLED_OP, new Meaning(503, "The node has too much to do, or too little room")),
            Map.entry(ErrorCode.SESSION_EXPIRED, new Meaning(503, "The node has given up its session; ask again")),
            Map.entry(ErrorCode.SESSION_MOVED, new Meaning(503, "The node has given up its session; ask again")),
            Map.entry(ErrorCode.NOT_READ_ONLY, new Meaning(503, "There is no leader: nothing can be changed")));

    private TreeErrors() {}

    /**
     * The problem behind an error.
     *
     * @param what was asked, for people
     */
    static Problem problem(ErrorCode error, String what) {
        Meaning meaning = MEANINGS.getOrDefault(error, new Meaning(500, "The node refused it"));
        String cause = error.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return Problem.of(meaning.status(), cause, meaning.title(), what + ": " + cause + remedy(error));
    }

    private static String remedy(ErrorCode error) {
        return switch (error) {
            case NO_AUTH -> "; log in as a user whom its list names (GET /api/v1/acl shows it to who may read)";
            case BAD_VERSION -> "; read it again, and decide anew";
            case NOT_EMPTY -> "; delete its children first";
            case INVALID_ACL -> "; name identities that this node can prove, at least one";
            case UNIMPLEMENTED -> "; see troupe.ttl-nodes and troupe.reconfig";
            default -> "";
        };
    }
}
