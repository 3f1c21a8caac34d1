package io.troupe.sim;

import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tree of a {@link ToyCoordinator}: just enough of one for the workload. */
final class ToyTree {
    /** One connection's watches. */
    static final class Watcher {
        private final SessionSink sink;
        private final Set<String> data = new HashSet<>();
        private final Set<String> children = new HashSet<>();

        private Watcher(SessionSink sink) {
            this.sink = sink;
        }
    }

    private record Znode(byte @Nullable [] data, Stat stat) {}

    private final ToyCoordinator.Bug bug;
    private final TreeMap<String, Znode> znodes = new TreeMap<>();
    private final Map<String, Znode> previous = new TreeMap<>();
    private final Set<Watcher> watchers = new LinkedHashSet<>();
    private final List<Runnable> delayed = new ArrayList<>();
    private long zxid = 1L << 32;
    private int created;
    private int events;

    ToyTree(ToyCoordinator.Bug bug) {
        this.bug = bug;
        znodes.put("/", new Znode(null, stat(0, 0)));
    }

    Watcher watcher(SessionSink sink) {
        Watcher watcher = new Watcher(sink);
        watchers.add(watcher);
        return watcher;
    }

    void forget(Watcher watcher) {
        watchers.remove(watcher);
    }

    long lastZxid() {
        return zxid;
    }

    long nextZxid() {
        return ++zxid;
    }

    void closeSession(long session) {
        zxid++;
        List.copyOf(znodes.entrySet()).forEach(each -> {
            if (each.getValue().stat().ephemeralOwner() == session) {
                remove(each.getKey());
            }
        });
    }

    // ---- writes ----

    Result write(long session, Operation operation, boolean forget) {
        zxid++;
        if (operation instanceof Operation.Multi multi) {
            return multi(session, multi, forget);
        }
        return one(session, operation, forget);
    }

    private Result multi(long session, Operation.Multi multi, boolean forget) {
        for (Operation.Sub each : multi.ops()) {
            if ((each instanceof Operation.Check check && check.version() >= 0)
                    || !znodes.containsKey("/p/a")
                    || !znodes.containsKey("/p/b")) {
                return new Result.Many(
                        List.of(Result.failed(ErrorCode.RUNTIME_INCONSISTENCY), Result.failed(ErrorCode.BAD_VERSION)));
            }
        }
        List<Operation.Sub> done = multi.ops();
        if (bug == ToyCoordinator.Bug.HALF_A_MULTI && zxid % 3 == 0) {
            done = done.subList(0, 1);
        }
        return new Result.Many(
                done.stream().map(each -> one(session, each, forget)).toList());
    }

    private Result one(long session, Operation operation, boolean forget) {
        if (operation instanceof Operation.Create create) {
            return create(session, create);
        }
        if (operation instanceof Operation.SetData set) {
            return setData(set, forget);
        }
        if (operation instanceof Operation.Delete delete) {
            if (!znodes.containsKey(delete.path())) {
                return Result.failed(ErrorCode.NO_NODE);
            }
            remove(delete.path());
        }
        return Result.Done.INSTANCE;
    }

    private Result create(long session, Operation.Create create) {
        String path = create.path();
        if (create.mode().sequential()) {
            boolean reuse = bug == ToyCoordinator.Bug.REUSES_NUMBERS && created % 10 == 9;
            path += "%010d".formatted(reuse ? created - 1 : created);
            created++;
        }
        Znode parent = znodes.get(parent(path));
        if (parent == null) {
            return Result.failed(ErrorCode.NO_NODE);
        }
        if (znodes.containsKey(path) && !create.mode().sequential()) {
            return Result.failed(ErrorCode.NODE_EXISTS);
        }
        Stat stat = stat(create.mode().ephemeral() ? session : 0, zxid);
        znodes.put(path, new Znode(create.data(), stat));
        fire(false, WatchEvent.Type.CREATED, path);
        childrenChanged(path);
        return new Result.Created(path, stat);
    }

    private Result setData(Operation.SetData set, boolean forget) {
        Znode old = znodes.get(set.path());
        if (old == null) {
            return Result.failed(ErrorCode.NO_NODE);
        }
        Stat was = old.stat();
        if (set.version() >= 0 && set.version() != was.version()) {
            return Result.failed(ErrorCode.BAD_VERSION);
        }
        Stat stat = new Stat(
                was.czxid(), zxid, 0, 0, was.version() + 1, was.cversion(), 0, was.ephemeralOwner(), 0, 0, was.pzxid());
        if (!forget) {
            previous.put(set.path(), old);
            znodes.put(set.path(), new Znode(set.data(), stat));
            fire(false, WatchEvent.Type.DATA_CHANGED, set.path());
        }
        return new Result.Found(stat);
    }

    private void remove(String path) {
        znodes.remove(path);
        fire(false, WatchEvent.Type.DELETED, path);
        childrenChanged(path);
    }

    private void childrenChanged(String path) {
        String parent = parent(path);
        znodes.computeIfPresent(parent, (name, znode) -> {
            Stat was = znode.stat();
            return new Znode(
                    znode.data(),
                    new Stat(
                            was.czxid(),
                            was.mzxid(),
                            0,
                            0,
                            was.version(),
                            was.cversion() + 1,
                            0,
                            was.ephemeralOwner(),
                            0,
                            0,
                            zxid));
        });
        fire(true, WatchEvent.Type.CHILDREN_CHANGED, parent);
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }

    private static Stat stat(long owner, long zxid) {
        return new Stat(zxid, zxid, 0, 0, 0, 0, 0, owner, 0, 0, zxid);
    }

    private void fire(boolean child, WatchEvent.Type type, String path) {
        for (Watcher each : watchers) {
            if ((child ? each.children : each.data).remove(path)) {
                events++;
                long at = zxid;
                Runnable delivery = () -> {
                    each.sink.event(new WatchEvent(type, path), at);
                    each.sink.flush();
                };
                if (bug == ToyCoordinator.Bug.EVENT_AFTER_REPLY && events % 5 == 0) {
                    delayed.add(delivery);
                } else if (bug != ToyCoordinator.Bug.EVENT_LOST || events % 5 != 0) {
                    delivery.run();
                }
            }
        }
    }

    void deliverDelayed() {
        delayed.forEach(Runnable::run);
        delayed.clear();
    }

    // ---- reads ----

    Result read(Watcher watcher, ReadOperation operation, boolean stale) {
        if (operation instanceof ReadOperation.GetData get) {
            return getData(watcher, get, stale);
        }
        if (operation instanceof ReadOperation.Exists exists) {
            if (exists.watch()) {
                watcher.data.add(exists.path());
            }
            Znode znode = znodes.get(exists.path());
            return znode == null ? Result.failed(ErrorCode.NO_NODE) : new Result.Found(znode.stat());
        }
        if (operation instanceof ReadOperation.GetChildren get) {
            return getChildren(watcher, get);
        }
        if (operation instanceof ReadOperation.MultiRead multi) {
            return new Result.Many(
                    multi.ops().stream().map(each -> read(watcher, each, false)).toList());
        }
        if (operation instanceof ReadOperation.SetWatches set) {
            setWatches(watcher, set);
            return Result.Done.INSTANCE;
        }
        return new Result.Synced("/");
    }

    private Result getData(Watcher watcher, ReadOperation.GetData get, boolean stale) {
        Znode znode = stale && previous.containsKey(get.path()) ? previous.get(get.path()) : znodes.get(get.path());
        if (znode == null) {
            return Result.failed(ErrorCode.NO_NODE);
        }
        if (get.watch()) {
            watcher.data.add(get.path());
        }
        return new Result.Data(znode.data(), znode.stat());
    }

    private Result getChildren(Watcher watcher, ReadOperation.GetChildren get) {
        Znode znode = znodes.get(get.path());
        if (znode == null) {
            return Result.failed(ErrorCode.NO_NODE);
        }
        if (get.watch()) {
            watcher.children.add(get.path());
        }
        List<String> names = znodes.keySet().stream()
                .filter(path -> !path.equals("/") && parent(path).equals(get.path()))
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .toList();
        return new Result.Children(names, znode.stat());
    }

    private void setWatches(Watcher watcher, ReadOperation.SetWatches set) {
        set.data().forEach(path -> setAgain(watcher, path, set.relativeZxid(), false));
        set.exist().forEach(path -> setAgain(watcher, path, set.relativeZxid(), true));
        for (String path : set.child()) {
            Znode znode = znodes.get(path);
            if (znode != null && znode.stat().pzxid() > set.relativeZxid()) {
                watcher.sink.event(new WatchEvent(WatchEvent.Type.CHILDREN_CHANGED, path), -1);
            } else {
                watcher.children.add(path);
            }
        }
    }

    private void setAgain(Watcher watcher, String path, long relativeZxid, boolean wasAbsent) {
        Znode znode = znodes.get(path);
        if (wasAbsent && znode != null) {
            watcher.sink.event(new WatchEvent(WatchEvent.Type.CREATED, path), -1);
        } else if (!wasAbsent && znode == null) {
            watcher.sink.event(new WatchEvent(WatchEvent.Type.DELETED, path), -1);
        } else if (znode != null && znode.stat().mzxid() > relativeZxid) {
            watcher.sink.event(new WatchEvent(WatchEvent.Type.DATA_CHANGED, path), -1);
        } else {
            watcher.data.add(path);
        }
    }
}
