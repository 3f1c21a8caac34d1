package io.troupe.app.clientport;

import io.troupe.edge.ClientRequest;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Just enough of a tree for round trips: flat versions, data watches, no access control. One thread only. */
final class FakeTree {
    private record Node(byte[] data, int version, long zxid) {
        Stat stat() {
            return new Stat(zxid, zxid, 1, 2, version, 0, 0, 0, data.length, 0, zxid);
        }
    }

    private final Map<String, Node> nodes = new TreeMap<>();
    private final Map<String, List<SessionSink>> watches = new LinkedHashMap<>();
    private long zxid = 0x100000000L;

    long zxid() {
        return zxid;
    }

    Result execute(ClientRequest request, SessionSink sink) {
        if (request instanceof ClientRequest.Write write) {
            zxid++;
            return write(write.operation());
        }
        return read(((ClientRequest.Read) request).operation(), sink);
    }

    private Result write(Operation operation) {
        if (operation instanceof Operation.Create create) {
            if (nodes.containsKey(create.path())) {
                return Result.failed(ErrorCode.NODE_EXISTS);
            }
            Node node = new Node(create.data() == null ? new byte[0] : create.data(), 0, zxid);
            nodes.put(create.path(), node);
            fire(create.path(), WatchEvent.Type.CREATED);
            return new Result.Created(create.path(), create.withStat() ? node.stat() : null);
        }
        if (operation instanceof Operation.SetData set) {
            Node old = nodes.get(set.path());
            if (old == null) {
                return Result.failed(ErrorCode.NO_NODE);
            }
            Node node = new Node(set.data() == null ? new byte[0] : set.data(), old.version() + 1, zxid);
            nodes.put(set.path(), node);
            fire(set.path(), WatchEvent.Type.DATA_CHANGED);
            return new Result.Found(node.stat());
        }
        if (operation instanceof Operation.Delete delete) {
            if (nodes.remove(delete.path()) == null) {
                return Result.failed(ErrorCode.NO_NODE);
            }
            fire(delete.path(), WatchEvent.Type.DELETED);
            return Result.Done.INSTANCE;
        }
        if (operation instanceof Operation.Multi multi) {
            return new Result.Many(multi.ops().stream().map(this::write).toList());
        }
        if (operation instanceof Operation.Refused refused) {
            return Result.failed(refused.error());
        }
        return Result.Done.INSTANCE;
    }

    private Result read(ReadOperation operation, SessionSink sink) {
        if (operation instanceof ReadOperation.Exists exists) {
            watch(exists.watch(), exists.path(), sink);
            Node node = nodes.get(exists.path());
            return node == null ? Result.failed(ErrorCode.NO_NODE) : new Result.Found(node.stat());
        }
        if (operation instanceof ReadOperation.GetData get) {
            Node node = nodes.get(get.path());
            if (node == null) {
                return Result.failed(ErrorCode.NO_NODE);
            }
            watch(get.watch(), get.path(), sink);
            return new Result.Data(node.data(), node.stat());
        }
        if (operation instanceof ReadOperation.GetChildren get) {
            String prefix = get.path().equals("/") ? "/" : get.path() + "/";
            List<String> names = nodes.keySet().stream()
                    .filter(path -> path.startsWith(prefix))
                    .map(path -> path.substring(prefix.length()))
                    .toList();
            return new Result.Children(
                    names, get.withStat() ? new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, names.size(), 0) : null);
        }
        if (operation instanceof ReadOperation.Refused refused) {
            return Result.failed(refused.error());
        }
        if (operation instanceof ReadOperation.AddWatch add) {
            watch(true, add.path(), sink);
            return Result.WatchAdded.INSTANCE;
        }
        if (operation instanceof ReadOperation.Sync sync) {
            return new Result.Synced(sync.path());
        }
        return Result.Done.INSTANCE;
    }

    private void watch(boolean wanted, String path, SessionSink sink) {
        if (wanted) {
            watches.computeIfAbsent(path, p -> new ArrayList<>()).add(sink);
        }
    }

    private void fire(String path, WatchEvent.Type type) {
        List<SessionSink> watchers = watches.remove(path);
        if (watchers != null) {
            for (SessionSink watcher : watchers) {
                watcher.event(new WatchEvent(type, path), zxid);
                watcher.flush();
            }
        }
    }
}
