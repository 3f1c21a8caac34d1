package io.troupe.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.troupe.edge.ReadOperation;
import io.troupe.edge.WatchEvent;
import io.troupe.model.RegisterOperation;
import io.troupe.model.RegisterOperation.Kind;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one client does: a random mixture of everything the model can judge, a few requests at a time. */
final class Workload implements SimClient.Listener {
    static final List<String> BASE = List.of("/r", "/q", "/e", "/p", "/p/a", "/p/b", "/r/0", "/r/1", "/r/2");
    static final int REGISTERS = 3;

    private static final int MAX_WAITING = 4;
    private static final byte[] INITIAL = "initial".getBytes(UTF_8);

    private final SimWorld world;
    private final SimClient client;
    private final SharedModel model;
    private final SplittableRandom random;
    private final WatchBook watches = new WatchBook();
    private final Map<String, Integer> knownVersions = new HashMap<>();
    private final List<String> ownEphemerals = new ArrayList<>();
    private final List<String> ownNumbered = new ArrayList<>();
    private final long thinkNanos;
    private boolean stopped;
    private long acknowledged;

    /**
     * A client.
     *
     * @param busy whether it works as fast as it can, instead of a few times a second
     */
    Workload(SimWorld world, String name, List<SimNode> nodes, int timeoutMillis, SharedModel model, boolean busy) {
        this.world = world;
        this.model = model;
        this.random = world.random("workload " + name);
        this.thinkNanos = (busy ? random.nextLong(5, 60) : random.nextLong(60, 400)) * 1_000_000;
        this.client = new SimClient(world, name, nodes, timeoutMillis, this);
    }

    SimClient client() {
        return client;
    }

    /** Writes of this client that were acknowledged. */
    long acknowledged() {
        return acknowledged;
    }

    int events() {
        return watches.fired();
    }

    void start() {
        client.start();
        step();
    }

    /** Issues nothing new. */
    void stop() {
        stopped = true;
    }

    private void step() {
        if (stopped) {
            return;
        }
        if (client.connected()) {
            for (int i = random.nextInt(MAX_WAITING); i > 0 && client.waiting() < MAX_WAITING; i--) {
                next();
            }
        }
        world.schedule(null, random.nextLong(thinkNanos * 2) / 100_000 * 100_000, this::step);
    }

    // ---- SimClient.Listener ----

    @Override
    public void connected(boolean fresh) {
        if (fresh) {
            watches.clear();
            BASE.forEach(path -> write(create(path, INITIAL, CreateMode.PERSISTENT), call -> {}));
        } else if (!watches.isEmpty()) {
            client.read(watches.setAgain(client.lastZxidSeen()), call -> {});
        }
    }

    @Override
    public void expired(long sessionId) {
        model.sessionEnded(sessionId);
        watches.clear();
        ownEphemerals.clear();
    }

    @Override
    public void event(WatchEvent event, long zxid) {
        judge(watches.fired(event, zxid));
    }

    private void judge(Optional<String> contradiction) {
        contradiction.ifPresent(text -> world.fail(client + ": " + text));
    }

    // ---- operations ----

    private void next() {
        int dice = random.nextInt(100);
        if (dice < 30) {
            setRegister(-1);
        } else if (dice < 42) {
            String path = register();
            setRegister(knownVersions.getOrDefault(path, 0));
        } else if (dice < 54) {
            getRegister(register(), Kind.READ, world.nowNanos());
        } else if (dice < 64) {
            String path = register();
            client.read(new ReadOperation.Sync(path), call -> {});
            getRegister(path, Kind.SYNC_READ, world.nowNanos());
        } else if (dice < 72) {
            createNumbered();
        } else if (dice < 76) {
            deleteNumbered();
        } else if (dice < 82) {
            createEphemeral();
        } else if (dice < 85) {
            deleteEphemeral();
        } else if (dice < 90) {
            setPair();
        } else if (dice < 94) {
            getPair();
        } else if (dice < 97) {
            getChildren(random.nextBoolean() ? "/q" : "/e");
        } else if (dice < 99) {
            watchEphemeral();
        } else {
            failingMulti();
        }
    }

    private String register() {
        return "/r/" + random.nextInt(REGISTERS);
    }

    private static Operation.Create create(String path, byte[] data, CreateMode mode) {
        return new Operation.Create(path, data, Acl.OPEN, mode, true, -1);
    }

    private void write(Operation operation, Consumer<Call> whenDone) {
        client.write(operation, call -> {
            if (call.ok()) {
                acknowledged++;
                model.acknowledged();
            }
            whenDone.accept(call);
        });
    }

    private void setRegister(int version) {
        String path = register();
        String value = model.nextValue(client.name());
        write(new Operation.SetData(path, value.getBytes(UTF_8), version), call -> {
            if (call.ok() && call.result() instanceof Result.Found found) {
                knownVersions.put(path, found.stat().version());
                if (version >= 0 && found.stat().version() != version + 1) {
                    world.fail(client + ": a write conditional on version " + version + " made " + found.stat());
                }
                record(call, Kind.WRITE, path, value, found.stat());
            } else {
                Kind kind = call.state() == Call.State.UNKNOWN ? Kind.MAYBE_WRITE : Kind.REFUSED_WRITE;
                add(
                        call,
                        kind,
                        path,
                        call.invokedNanos(),
                        value,
                        null,
                        call.failedWith(ErrorCode.BAD_VERSION) ? version : -1);
            }
        });
    }

    private void getRegister(String path, Kind kind, long invoked) {
        boolean watch = random.nextInt(3) == 0;
        client.read(new ReadOperation.GetData(path, watch), call -> {
            if (call.ok() && call.result() instanceof Result.Data data) {
                knownVersions.put(path, data.stat().version());
                judge(watches.sawData(path, data.stat().mzxid(), watch));
                add(call, kind, path, invoked, text(data.data()), data.stat(), -1);
            }
        });
    }

    private void record(Call call, Kind kind, String path, String value, @Nullable Stat stat) {
        add(call, kind, path, call.invokedNanos(), value, stat, -1);
    }

    private void add(Call call, Kind kind, String path, long invoked, String value, @Nullable Stat stat, int unmet) {
        model.history()
                .add(new RegisterOperation(
                        client.name(),
                        call.sessionId(),
                        kind,
                        path,
                        invoked,
                        kind == Kind.MAYBE_WRITE ? Long.MAX_VALUE : call.endedNanos(),
                        value,
                        stat == null ? -1 : stat.version(),
                        stat == null ? -1 : stat.mzxid(),
                        unmet));
    }

    private static String text(byte @Nullable [] data) {
        return data == null ? "" : new String(data, UTF_8);
    }

    private void createNumbered() {
        write(create("/q/n-", INITIAL, CreateMode.PERSISTENT_SEQUENTIAL), call -> {
            if (call.ok() && call.result() instanceof Result.Created created && created.stat() != null) {
                model.numbered(created.path(), created.stat().czxid());
                ownNumbered.add(created.path());
            }
        });
    }

    private void deleteNumbered() {
        if (!ownNumbered.isEmpty()) {
            String path = ownNumbered.remove(random.nextInt(ownNumbered.size()));
            model.deleting(path);
            write(new Operation.Delete(path, -1), call -> {
                if (call.failedWith(ErrorCode.NO_NODE)) {
                    world.fail(client + ": " + path + " was acknowledged and is gone");
                }
            });
        }
    }

    private void createEphemeral() {
        String path = "/e/" + client.name() + "-" + random.nextInt(5);
        write(create(path, INITIAL, CreateMode.EPHEMERAL), call -> {
            if (call.ok()) {
                ownEphemerals.add(path);
            }
        });
    }

    private void deleteEphemeral() {
        if (!ownEphemerals.isEmpty()) {
            write(new Operation.Delete(ownEphemerals.remove(0), -1), call -> {});
        }
    }

    /** Both or neither. */
    private void setPair() {
        byte[] value = model.nextValue(client.name()).getBytes(UTF_8);
        write(
                new Operation.Multi(List.of(
                        new Operation.SetData("/p/a", value, -1),
                        new Operation.Check("/p/b", -1),
                        new Operation.SetData("/p/b", value, -1))),
                call -> {});
    }

    private void getPair() {
        client.read(
                new ReadOperation.MultiRead(
                        List.of(new ReadOperation.GetData("/p/a", false), new ReadOperation.GetData("/p/b", false))),
                call -> {
                    if (call.ok()
                            && call.result() instanceof Result.Many many
                            && many.results().get(0) instanceof Result.Data a
                            && many.results().get(1) instanceof Result.Data b
                            && !text(a.data()).equals(text(b.data()))) {
                        world.fail(client + ": half a multi is visible: " + text(a.data()) + ", " + text(b.data()));
                    }
                });
    }

    private void failingMulti() {
        String path = register();
        String value = model.nextValue(client.name());
        write(
                new Operation.Multi(List.of(
                        new Operation.SetData(path, value.getBytes(UTF_8), -1),
                        new Operation.Check("/p/a", Integer.MAX_VALUE))),
                call -> record(call, Kind.REFUSED_WRITE, path, value, null));
    }

    private void getChildren(String path) {
        boolean watch = random.nextBoolean();
        client.read(new ReadOperation.GetChildren(path, watch, true), call -> {
            if (call.ok() && call.result() instanceof Result.Children children && children.stat() != null) {
                judge(watches.sawChildren(path, children.stat().pzxid(), watch));
            }
        });
    }

    private void watchEphemeral() {
        String path = "/e/c" + random.nextInt(1, 4) + "-" + random.nextInt(5);
        client.read(new ReadOperation.Exists(path, true), call -> {
            if (call.ok() && call.result() instanceof Result.Found found) {
                judge(watches.sawData(path, found.stat().mzxid(), true));
            } else if (call.failedWith(ErrorCode.NO_NODE)) {
                judge(watches.sawData(path, WatchBook.ABSENT, true));
            }
        });
    }
}
