package io.troupe.tree.local;

import io.troupe.edge.ClientRequest.Read;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.WatchEvent;
import io.troupe.metrics.Metrics;
import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Result;
import io.troupe.tree.state.AccessControl;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Znode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers reads from the local tree, registering watches in the same step (contract 2.7, 3). */
public final class ReadExecutor {
    private static final long SYNTHESIZED = -1;

    private final DataTree tree;
    private final Watches watches;
    private final WatchLimit limit;

    /**
     * Answers from {@code tree}.
     *
     * @param limits of watches
     * @param metrics learns how many were refused
     */
    public ReadExecutor(DataTree tree, Watches watches, TreeLimits limits, Metrics metrics) {
        this.tree = tree;
        this.watches = watches;
        this.limit = new WatchLimit(limits, watches, metrics);
    }

    /** The answer to a read of this session. */
    public Result execute(LocalSession session, Read read) {
        ReadOperation operation = read.operation();
        List<Identity> who = read.identities();
        String watched = watchedBy(operation);
        if (watched != null && !limit.admits(session, watched)) {
            return Result.failed(ErrorCode.THROTTLED_OP);
        }
        if (operation instanceof ReadOperation.Ping) {
            return Result.Done.INSTANCE;
        } else if (operation instanceof ReadOperation.CloseUnreplicated) {
            session.close();
            return Result.Done.INSTANCE;
        } else if (operation instanceof ReadOperation.Exists exists) {
            return exists(session, who, exists);
        } else if (operation instanceof ReadOperation.GetData get) {
            return getData(session, who, get);
        } else if (operation instanceof ReadOperation.GetChildren get) {
            return getChildren(session, who, get);
        } else if (operation instanceof ReadOperation.GetChildrenPage get) {
            return page(who, get);
        } else if (operation instanceof ReadOperation.GetAcl get) {
            return getAcl(who, get);
        } else if (operation instanceof ReadOperation.GetAllChildrenNumber get) {
            Znode node = tree.get(get.path());
            return refuse(node, Acl.READ, who, () -> new Result.Count(tree.descendants(found(node))));
        } else if (operation instanceof ReadOperation.GetEphemerals get) {
            return ephemerals(session, get.prefix());
        } else if (operation instanceof ReadOperation.WhoAmI) {
            return new Result.Who(who);
        } else if (operation instanceof ReadOperation.Sync sync) {
            return new Result.Synced(sync.path());
        } else if (operation instanceof ReadOperation.MultiRead multi) {
            return multiRead(session, who, multi);
        } else if (operation instanceof ReadOperation.Refused refused) {
            return Result.failed(refused.error());
        }
        return watching(session, operation);
    }

    /** The path that a read is to watch; null for none. */
    private static @Nullable String watchedBy(ReadOperation operation) {
        if (operation instanceof ReadOperation.GetData get) {
            return get.watch() ? get.path() : null;
        } else if (operation instanceof ReadOperation.Exists exists) {
            return exists.watch() ? exists.path() : null;
        } else if (operation instanceof ReadOperation.GetChildren get) {
            return get.watch() ? get.path() : null;
        }
        return operation instanceof ReadOperation.AddWatch add ? add.path() : null;
    }

    /** A client that has watches here and there too many is better off elsewhere: its connection ends behind the answer. */
    private Result refusedAgain(LocalSession session) {
        session.close();
        return Result.failed(ErrorCode.THROTTLED_OP);
    }

    private Result watching(LocalSession session, ReadOperation operation) {
        if (operation instanceof ReadOperation.AddWatch add) {
            return addWatch(session, add);
        } else if (operation instanceof ReadOperation.CheckWatches check) {
            if (check.type() < 1 || check.type() > 5) {
                return Result.failed(ErrorCode.MARSHALLING_ERROR);
            }
            return found(watches.has(session, check.path(), check.type()));
        } else if (operation instanceof ReadOperation.RemoveWatches remove) {
            if (remove.type() < 1 || remove.type() > 5) {
                return Result.failed(ErrorCode.MARSHALLING_ERROR);
            }
            return found(watches.remove(session, remove.path(), remove.type()));
        } else if (operation instanceof ReadOperation.SetWatches set) {
            int count = set.data().size()
                    + set.exist().size()
                    + set.child().size()
                    + set.persistent().size()
                    + set.recursive().size();
            return limit.admitsAgain(session, count) ? setWatches(session, set) : refusedAgain(session);
        } else if (operation instanceof ReadOperation.ResumeWatches resume) {
            int count = resume.persistent().size() + resume.recursive().size();
            return !limit.admitsAgain(session, count)
                    ? refusedAgain(session)
                    : new Result.Resumed(
                            watches.resume(session, resume.zxid(), resume.persistent(), resume.recursive()));
        }
        return Result.failed(ErrorCode.UNIMPLEMENTED);
    }

    private static Result found(boolean watch) {
        return watch ? Result.Done.INSTANCE : Result.failed(ErrorCode.NO_WATCHER);
    }

    private interface Answer {
        Result get();
    }

    private Result refuse(@Nullable Znode node, int perms, List<Identity> who, Answer answer) {
        if (node == null) {
            return Result.failed(ErrorCode.NO_NODE);
        }
        if (!AccessControl.permits(tree.acl(node), perms, who)) {
            return Result.failed(ErrorCode.NO_AUTH);
        }
        return answer.get();
    }

    private static Znode found(@Nullable Znode node) {
        if (node == null) {
            throw new IllegalStateException("checked before");
        }
        return node;
    }

    private Result exists(LocalSession session, List<Identity> who, ReadOperation.Exists exists) {
        if (exists.path().indexOf('\0') >= 0) {
            return Result.failed(ErrorCode.BAD_ARGUMENTS);
        }
        Znode node = tree.get(exists.path());
        if (node == null) {
            if (exists.watch()) {
                watches.watchData(session, exists.path());
            }
            return Result.failed(ErrorCode.NO_NODE);
        }
        return refuse(node, Acl.READ, who, () -> {
            if (exists.watch()) {
                watches.watchData(session, exists.path());
            }
            return new Result.Found(node.stat());
        });
    }

    private Result getData(LocalSession session, List<Identity> who, ReadOperation.GetData get) {
        Znode node = tree.get(get.path());
        return refuse(node, Acl.READ, who, () -> {
            if (get.watch()) {
                watches.watchData(session, get.path());
            }
            return new Result.Data(found(node).data(), found(node).stat());
        });
    }

    private Result getChildren(LocalSession session, List<Identity> who, ReadOperation.GetChildren get) {
        Znode node = tree.get(get.path());
        return refuse(node, Acl.READ, who, () -> {
            if (get.watch()) {
                watches.watchChildren(session, get.path());
            }
            return new Result.Children(
                    tree.childNames(found(node)), get.withStat() ? found(node).stat() : null);
        });
    }

    private Result page(List<Identity> who, ReadOperation.GetChildrenPage get) {
        Znode node = tree.get(get.path());
        return refuse(
                node,
                Acl.READ,
                who,
                () -> new Result.Children(
                        tree.childNames(found(node), get.after(), get.limit()),
                        found(node).stat()));
    }

    /** Who may not administer a node sees whom its digest entries name, not their hashes. */
    private Result getAcl(List<Identity> who, ReadOperation.GetAcl get) {
        Znode node = tree.get(get.path());
        return refuse(node, Acl.READ | Acl.ADMIN, who, () -> {
            List<Acl> acl = tree.acl(found(node));
            if (!AccessControl.permits(acl, Acl.ADMIN, who)) {
                acl = acl.stream().map(ReadExecutor::masked).toList();
            }
            return new Result.AclFound(acl, found(node).stat());
        });
    }

    private static Acl masked(Acl entry) {
        String id = entry.who().id();
        int colon = id.indexOf(':');
        return entry.who().scheme().equals("digest") && colon >= 0
                ? new Acl(entry.perms(), new Identity("digest", id.substring(0, colon) + ":x"))
                : entry;
    }

    private Result ephemerals(LocalSession session, String prefix) {
        List<String> own = tree.sessions().ephemeralsOf(session.sessionId());
        boolean all = prefix.isBlank() || prefix.equals("/");
        return new Result.Paths(
                own.stream().filter(path -> all || path.startsWith(prefix)).toList());
    }

    private Result multiRead(LocalSession session, List<Identity> who, ReadOperation.MultiRead multi) {
        List<Result> results = new ArrayList<>();
        for (ReadOperation.Sub op : multi.ops()) {
            if (op instanceof ReadOperation.GetData get) {
                results.add(getData(session, who, new ReadOperation.GetData(get.path(), false)));
            } else if (op instanceof ReadOperation.GetChildren get) {
                results.add(getChildren(session, who, new ReadOperation.GetChildren(get.path(), false, false)));
            }
        }
        return new Result.Many(results);
    }

    private Result addWatch(LocalSession session, ReadOperation.AddWatch add) {
        switch (add.mode()) {
            case 0 -> watches.watchPersistently(session, add.path());
            case 1 -> watches.watchRecursively(session, add.path());
            default -> {
                return Result.failed(ErrorCode.MARSHALLING_ERROR);
            }
        }
        return Result.WatchAdded.INSTANCE;
    }

    /** What a reconnected client missed fires at once; the rest is registered (contract 3.5). */
    private Result setWatches(LocalSession session, ReadOperation.SetWatches set) {
        for (String path : set.data()) {
            Znode node = tree.get(path);
            if (node == null) {
                fire(session, WatchEvent.Type.DELETED, path);
            } else if (node.mzxid() > set.relativeZxid()) {
                fire(session, WatchEvent.Type.DATA_CHANGED, path);
            } else {
                watches.watchData(session, path);
            }
        }
        for (String path : set.exist()) {
            if (tree.get(path) != null) {
                fire(session, WatchEvent.Type.CREATED, path);
            } else {
                watches.watchData(session, path);
            }
        }
        for (String path : set.child()) {
            Znode node = tree.get(path);
            if (node == null) {
                fire(session, WatchEvent.Type.DELETED, path);
            } else if (node.pzxid() > set.relativeZxid()) {
                fire(session, WatchEvent.Type.CHILDREN_CHANGED, path);
            } else {
                watches.watchChildren(session, path);
            }
        }
        set.persistent().forEach(path -> watches.watchPersistently(session, path));
        set.recursive().forEach(path -> watches.watchRecursively(session, path));
        return Result.Done.INSTANCE;
    }

    private static void fire(LocalSession session, WatchEvent.Type type, String path) {
        session.sink().event(new WatchEvent(type, path), SYNTHESIZED);
    }
}
