package io.troupe.app.audit;

import io.troupe.edge.ReadOperation;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What requests are called in the audit log, as ZooKeeper calls them where it does (contract 7.4). Never their data. */
public final class RequestWords {
    private RequestWords() {}

    /**
     * What one operation is about; it holds no data, so that it may wait.
     *
     * @param znode empty for none
     * @param mode of a znode that is created
     * @param acl empty for none
     */
    public record Subject(
            String operation, String znode, @Nullable CreateMode mode, List<Acl> acl) {
        Subject(String operation, String znode) {
            this(operation, znode, null, List.of());
        }

        /** The fields of it. */
        public Map<String, String> fields() {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("operation", operation);
            fields.put("znode", znode);
            fields.put("znode_type", mode == null ? "" : mode.name().toLowerCase(Locale.ROOT));
            fields.put("acl", acl.stream().map(RequestWords::words).collect(Collectors.joining(",")));
            return fields;
        }
    }

    /** A change, and what it came to: a line for each part of what succeeded, one for what failed. */
    static List<Subject> subjects(Operation operation, Result result) {
        if (operation instanceof Operation.Multi multi) {
            List<Result> results = result instanceof Result.Many many ? many.results() : List.of();
            if (results.size() != multi.ops().size() || results.stream().anyMatch(r -> r instanceof Result.Failed)) {
                return List.of(new Subject("multiOperation", ""));
            }
            List<Subject> parts = new ArrayList<>();
            for (int i = 0; i < results.size(); i++) {
                if (!(multi.ops().get(i) instanceof Operation.Check)) {
                    parts.add(subject(multi.ops().get(i), results.get(i)));
                }
            }
            return parts;
        }
        return List.of(subject(operation, result));
    }

    /** The error that a result stands for; {@link ErrorCode#OK} for none. */
    static ErrorCode error(Result result) {
        if (result instanceof Result.Many many) {
            // Those behind the one that failed are told that they were not tried.
            return many.results().stream()
                    .map(Result::error)
                    .filter(error -> error != ErrorCode.OK && error != ErrorCode.RUNTIME_INCONSISTENCY)
                    .findFirst()
                    .orElse(ErrorCode.OK);
        }
        return result.error();
    }

    private static Subject subject(Operation operation, Result result) {
        if (operation instanceof Operation.Create create) {
            // A sequential one gets its name when it is made.
            String path = result instanceof Result.Created created ? created.path() : create.path();
            return new Subject("create", path, create.mode(), create.acl());
        }
        return subject(operation);
    }

    /** What an operation is about that has not been done yet. */
    public static Subject subject(Operation operation) {
        if (operation instanceof Operation.Create create) {
            return new Subject("create", create.path(), create.mode(), create.acl());
        } else if (operation instanceof Operation.Delete delete) {
            return new Subject("delete", delete.path());
        } else if (operation instanceof Operation.SetData set) {
            return new Subject("setData", set.path());
        } else if (operation instanceof Operation.SetAcl set) {
            return new Subject("setAcl", set.path(), null, set.acl());
        } else if (operation instanceof Operation.Check check) {
            return new Subject("check", check.path());
        } else if (operation instanceof Operation.CloseSession) {
            return new Subject("closeSession", "");
        } else if (operation instanceof Operation.ChangeMembers || operation instanceof Operation.Reconfigure) {
            return new Subject("reconfig", "/zookeeper/config");
        } else if (operation instanceof Operation.Multi) {
            return new Subject("multiOperation", "");
        }
        return new Subject("request", "");
    }

    /** What a read is about. */
    static Subject subject(ReadOperation operation) {
        if (operation instanceof ReadOperation.GetData get) {
            return new Subject("getData", get.path());
        } else if (operation instanceof ReadOperation.GetChildren get) {
            return new Subject("getChildren", get.path());
        } else if (operation instanceof ReadOperation.GetChildrenPage get) {
            return new Subject("getChildren", get.path());
        } else if (operation instanceof ReadOperation.Exists exists) {
            return new Subject("exists", exists.path());
        } else if (operation instanceof ReadOperation.GetAcl get) {
            return new Subject("getAcl", get.path());
        } else if (operation instanceof ReadOperation.GetAllChildrenNumber get) {
            return new Subject("getAllChildrenNumber", get.path());
        } else if (operation instanceof ReadOperation.MultiRead) {
            return new Subject("multiRead", "");
        }
        return new Subject("request", "");
    }

    private static String words(Acl acl) {
        StringBuilder permissions = new StringBuilder();
        String letters = "rwcda";
        // ZooKeeper's own order.
        for (char letter : "cdrwa".toCharArray()) {
            if ((acl.perms() >> letters.indexOf(letter) & 1) != 0) {
                permissions.append(letter);
            }
        }
        return acl.who().scheme() + ":" + acl.who().id() + ":" + permissions;
    }
}
