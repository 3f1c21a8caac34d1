package io.troupe.app.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.app.clientport.auth.AclSyntax;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Changes as their JSON says them. Immutable. */
final class Operations {
    private static final long NO_TTL = -1;

    private final boolean ttlNodes;
    private final int mostBytes;
    private final AclSyntax syntax;

    /**
     * Of one node.
     *
     * @param mostBytes that the data and paths of one change may have together
     */
    Operations(boolean ttlNodes, int mostBytes, AclSyntax syntax) {
        this.ttlNodes = ttlNodes;
        this.mostBytes = mostBytes;
        this.syntax = syntax;
    }

    Operation.Create create(JsonNode body, List<Identity> identities) {
        CreateMode mode = mode(body.path("mode").asText("persistent"));
        String path = path(body);
        byte[] data = Znodes.data(body);
        checkSize(bytes(path, data));
        List<Acl> acl = body.has("acl") ? acl(body.get("acl"), identities) : Acl.OPEN;
        return new Operation.Create(path, data, acl, mode, true, ttl(body, mode));
    }

    Operation.SetData set(String path, JsonNode body, int version) {
        byte[] data = Znodes.data(body);
        checkSize(bytes(path, data));
        return new Operation.SetData(path, data, version);
    }

    /** The list to store. */
    List<Acl> acl(JsonNode written, List<Identity> identities) {
        return syntax.resolve(AclText.read(written), identities);
    }

    Operation.Multi multi(JsonNode body, List<Identity> identities) {
        JsonNode operations = body.path("operations");
        if (!operations.isArray() || operations.isEmpty()) {
            throw Problem.badRequest("operations: write a list of what is to be done, all or nothing");
        }
        List<Operation.Sub> subs = new ArrayList<>();
        for (JsonNode operation : operations) {
            subs.add(sub(operation, identities));
        }
        checkSize(subs.stream().mapToLong(Operations::bytes).sum());
        return new Operation.Multi(subs);
    }

    private Operation.Sub sub(JsonNode operation, List<Identity> identities) {
        String kind = operation.path("op").asText("");
        int version = version(operation);
        return switch (kind) {
            case "create" -> create(operation, identities);
            case "set" -> set(path(operation), operation, version);
            case "delete" -> new Operation.Delete(path(operation), version);
            case "check" -> new Operation.Check(path(operation), version);
            default ->
                throw Problem.badRequest(
                        "op: \"" + Exchange.printable(kind) + "\" is unknown; write create, set, delete or check");
        };
    }

    /** What the operation is about, for people. */
    static String words(Operation operation) {
        if (operation instanceof Operation.Create create) {
            return "create " + create.path();
        } else if (operation instanceof Operation.SetData set) {
            return "set " + set.path() + versionWords(set.version());
        } else if (operation instanceof Operation.Delete delete) {
            return "delete " + delete.path() + versionWords(delete.version());
        } else if (operation instanceof Operation.Check check) {
            return "check " + check.path() + versionWords(check.version());
        } else if (operation instanceof Operation.SetAcl set) {
            return "set the access control list of " + set.path() + versionWords(set.version());
        }
        return "multi";
    }

    private static String versionWords(int version) {
        return version < 0 ? "" : " at version " + version;
    }

    private static long bytes(Operation.Sub sub) {
        if (sub instanceof Operation.Create create) {
            return bytes(create.path(), create.data());
        }
        return sub instanceof Operation.SetData set ? bytes(set.path(), set.data()) : 0;
    }

    private static long bytes(String path, byte @Nullable [] data) {
        return (long) path.length() + (data == null ? 0 : data.length);
    }

    private void checkSize(long bytes) {
        if (bytes > mostBytes) {
            throw Problem.of(
                    413,
                    "too-large",
                    "The change is too large",
                    "it has " + bytes + " bytes, and may have " + mostBytes + " by troupe.max-request-size");
        }
    }

    private static int version(JsonNode body) {
        JsonNode version = body.path("version");
        if (version.isMissingNode()) {
            return -1;
        }
        if (!version.isInt() || version.intValue() < -1) {
            throw Problem.badRequest("version: write the version that the znode must have, or leave it out for any");
        }
        return version.intValue();
    }

    private static String path(JsonNode body) {
        JsonNode path = body.path("path");
        if (!path.isTextual()) {
            throw Problem.badRequest("path: name the znode, /…");
        }
        return Exchange.checkedPath(path.textValue());
    }

    private static CreateMode mode(String written) {
        for (CreateMode mode : CreateMode.values()) {
            if (word(mode).equals(written)) {
                if (mode.ephemeral()) {
                    throw Problem.of(
                            422,
                            "no-session",
                            "Ephemerals need a session",
                            "a request over HTTP has none that the znode could end with; use a client of ZooKeeper's or an actor's"
                                    + " session, or a mode with ttl");
                }
                return mode;
            }
        }
        throw Problem.badRequest("mode: write one of "
                + String.join(
                        ", ",
                        Arrays.stream(CreateMode.values())
                                .filter(mode -> !mode.ephemeral())
                                .map(Operations::word)
                                .toList()));
    }

    private static String word(CreateMode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private long ttl(JsonNode body, CreateMode mode) {
        JsonNode ttl = body.path("ttlMillis");
        if (!mode.ttl()) {
            if (!ttl.isMissingNode()) {
                throw Problem.badRequest("ttlMillis: only modes with ttl have it");
            }
            return NO_TTL;
        }
        if (!ttlNodes) {
            throw Problem.of(501, "unimplemented", "It is switched off", "see troupe.ttl-nodes");
        }
        if (!ttl.isIntegralNumber() || ttl.longValue() <= 0) {
            throw Problem.badRequest("ttlMillis: write the time to live in milliseconds");
        }
        return ttl.longValue();
    }
}
