package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.troupe.conformance.frames.FrameSession;
import io.troupe.conformance.frames.FrameSession.Received;
import io.troupe.conformance.frames.Request;
import io.troupe.process.OfficialClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.SetWatches;
import org.apache.zookeeper.proto.SetWatches2;
import org.apache.zookeeper.proto.SyncRequest;

/**
 * A few clients that take turns, at both systems alike; each sends several requests at once and reads what comes back. Any
 * difference that is not intended fails.
 */
final class Sequence {
    private static final int CLIENTS = 3;
    private static final int TURNS = 9;
    private static final int MOST_AT_ONCE = 8;
    private static final Request PING = RandomOperation.named("ping", OpCode.ping);
    private static final Request CLOSE = RandomOperation.named("closeSession", OpCode.closeSession);
    private static final String EMPTY_LIST = ":  and bytes ffffffff01ffffffff";
    private static final List<Integer> TIMEOUTS = List.of(1, 5_000, FrameSession.TIMEOUT_MILLIS, 9_999_999);
    private static final Set<Integer> REFUSALS =
            Set.of(Code.BADARGUMENTS.intValue(), Code.UNIMPLEMENTED.intValue(), Code.MARSHALLINGERROR.intValue());

    private final Random random;
    private final RandomOperation operations;
    private final Side theirs;
    private final Side ours;
    private final boolean ensemble;
    private final String base;
    private final Set<ProtocolDifference> seen;
    private final List<String> done = new ArrayList<>();
    private final boolean quota;

    /** Where sessions were closed, by our zxids; and whether one is being closed now. */
    private final Set<Long> closings = new HashSet<>();

    private boolean closes;

    /** Attempts to take up a session since the last reply. */
    private int attaches;

    /** The greatest zxid that Troupe has told so far. */
    private long before;

    /**
     * Sequence number {@code seed}.
     *
     * @param theirPorts of ZooKeeper's servers
     * @param ourPorts of Troupe's
     * @param seen takes up what intended differences occurred
     */
    Sequence(long seed, List<Integer> theirPorts, List<Integer> ourPorts, Set<ProtocolDifference> seen) {
        this.random = new Random(seed);
        this.ensemble = theirPorts.size() > 1;
        this.base = (ensemble ? "/e" : "/s") + seed;
        this.operations = new RandomOperation(random, base, ensemble);
        this.theirs = new Side(theirPorts, CLIENTS);
        this.ours = new Side(ourPorts, CLIENTS);
        this.seen = seen;
        this.quota = random.nextInt(10) == 0;
        done.add("seed " + seed);
    }

    void run() throws IOException {
        for (int client = 0; client < CLIENTS; client++) {
            open(client);
        }
        begin();
        for (int turn = 0; turn < TURNS; turn++) {
            turn(random.nextInt(CLIENTS));
        }
        for (int client = 0; client < CLIENTS; client++) {
            end(client);
        }
    }

    /** Counting begins here: what sessions cost before is not the same where they are opened by other servers. */
    private void begin() throws IOException {
        theirs.send(CLIENTS - 1, List.of(PING));
        ours.send(CLIENTS - 1, List.of(PING));
        theirs.beginAt(zxidOf(theirs.receive(CLIENTS - 1)));
        before = zxidOf(ours.receive(CLIENTS - 1));
        ours.beginAt(before);
        exchange(0, List.of(create(base, ""), create(base + "/a", "")), false);
        if (quota) {
            String limits = "/zookeeper/quota" + base;
            exchange(
                    0,
                    List.of(
                            create(limits, ""),
                            create(limits + "/zookeeper_limits", "count=5,bytes=50=;byteHardLimit=60;countHardLimit=6"),
                            create(limits + "/zookeeper_stats", "count=0,bytes=0")),
                    false);
        }
    }

    private static Request create(String path, String data) {
        return RandomOperation.named(
                "create", OpCode.create, new CreateRequest(path, data.getBytes(UTF_8), OfficialClient.OPEN, 0));
    }

    private void turn(int client) throws IOException {
        if (theirs.seat(client).connection == null) {
            connect(client);
            return;
        }
        switch (random.nextInt(20)) {
            case 0, 1 -> alone(client, authenticate(), false);
            case 2 -> alone(client, operations.ending(), true);
            case 3 -> {
                List<Request> last = batch();
                last.add(CLOSE);
                exchange(client, last, true);
            }
            case 4, 5 -> vanish(client);
            case 6 -> setWatches(client, random.nextInt(6));
            default -> exchange(client, batch(), false);
        }
    }

    private List<Request> batch() {
        // ZooKeeper charges quotas when a request is executed, but looks at them before: one at a time is the same for
        // both.
        int most = quota ? 1 : MOST_AT_ONCE;
        List<Request> requests = new ArrayList<>();
        for (int i = random.nextInt(most); i >= 0; i--) {
            Request request = operations.draw();
            requests.add(request);
            if (request.type() == OpCode.setACL) {
                // ZooKeeper checks what follows closely against the list before, see ProtocolDifference.
                break;
            }
        }
        return requests;
    }

    private Request authenticate() {
        List<AuthPacket> packets = List.of(
                packet("digest", "alice:secret"),
                packet("digest", "alice:secret"),
                packet("digest", "bob:secret"),
                packet("digest", "nocolon"),
                packet("digest", "super:admin"),
                packet("ip", ""),
                packet("sasl", "alice"),
                packet("nosuch", "x"));
        return RandomOperation.named("auth", OpCode.auth, packets.get(random.nextInt(packets.size())));
    }

    private static AuthPacket packet(String scheme, String data) {
        return new AuthPacket(0, scheme, data.getBytes(UTF_8));
    }

    // Sessions.

    private void open(int client) throws IOException {
        int timeout = timeout();
        String name = "session of " + client + "/" + done.size();
        same("open " + client, theirs.open(client, name, timeout), ours.open(client, name, timeout));
    }

    private int timeout() {
        return TIMEOUTS.get(random.nextInt(TIMEOUTS.size()));
    }

    private void vanish(int client) throws IOException {
        done.add("vanish " + client);
        theirs.vanish(client);
        ours.vanish(client);
    }

    private void connect(int client) throws IOException {
        if (theirs.seat(client).session == 0) {
            open(client);
            return;
        }
        switch (random.nextInt(8)) {
            case 0 -> {
                attaches++;
                same(
                        "attach with a wrong password " + client,
                        theirs.attachWithWrongPassword(client),
                        ours.attachWithWrongPassword(client));
            }
            case 1 ->
                same(
                        "attach from the future " + client,
                        theirs.attachFromTheFuture(client),
                        ours.attachFromTheFuture(client));
            default -> attach(client);
        }
    }

    private void attach(int client) throws IOException {
        int timeout = timeout();
        int back = random.nextInt(6);
        int server = random.nextInt(CLIENTS);
        attaches++;
        theirs.seat(client).server = server;
        ours.seat(client).server = server;
        same("attach " + client, theirs.attach(client, back, timeout), ours.attach(client, back, timeout));
        if (theirs.seat(client).connection != null) {
            if (random.nextInt(3) > 0) {
                setWatches(client, back);
            }
        }
    }

    private void setWatches(int client, int back) throws IOException {
        List<String> data = operations.paths();
        List<String> exist = operations.paths();
        List<String> children = operations.paths();
        List<String> persistent = operations.paths();
        List<String> recursive = operations.paths();
        boolean second = random.nextBoolean();
        if (ensemble) {
            exchange(client, List.of(PING), false);
        }
        done.add("set watches of " + client + " as of " + back + " replies ago");
        for (Side side : List.of(theirs, ours)) {
            long zxid = side.seat(client).seen(back);
            Request request = second
                    ? RandomOperation.named(
                            "setWatches2",
                            OpCode.setWatches2,
                            new SetWatches2(zxid, data, exist, children, persistent, recursive))
                    : RandomOperation.named(
                            "setWatches", OpCode.setWatches, new SetWatches(zxid, data, exist, children));
            side.send(client, List.of(request));
        }
        receive(client, 1, false);
    }

    private void end(int client) throws IOException {
        if (theirs.seat(client).connection == null && theirs.seat(client).session != 0) {
            attach(client);
        }
        if (theirs.seat(client).connection != null) {
            exchange(client, List.of(PING, CLOSE), true);
        }
    }

    // Requests and what comes back.

    /** A request that is answered at once, in no order with others and with events. */
    private void alone(int client, Request request, boolean ending) throws IOException {
        exchange(client, List.of(PING), false);
        send(client, List.of(request), ending);
    }

    private void exchange(int client, List<Request> drawn, boolean ending) throws IOException {
        List<Request> requests = new ArrayList<>(drawn);
        if (ensemble) {
            // What the others did is known to this client's server from here on. ZooKeeper's leader answers the sync of
            // a client of its own before it has executed what its followers may have answered already.
            theirs.awaitCaughtUp(client);
            requests.add(0, RandomOperation.named("sync", OpCode.sync, new SyncRequest("/")));
        }
        send(client, requests, ending);
    }

    private void send(int client, List<Request> requests, boolean ending) throws IOException {
        done.add(client + ": " + requests.stream().map(Request::text).toList());
        closes = requests.contains(CLOSE);
        theirs.send(client, requests);
        ours.send(client, requests);
        receive(client, requests.size(), ending);
    }

    private void receive(int client, int replies, boolean ending) throws IOException {
        boolean ends = ending;
        for (int due = replies; due > 0 || ends; ) {
            List<Received> expected = theirs.receive(client);
            List<Received> actual = ours.receive(client);
            if (expected.isEmpty() || actual.isEmpty()) {
                same("end of the connection of " + client, texts(expected, theirs), texts(actual, ours));
                return;
            }
            compare(expected, actual);
            Request request = expected.get(0).request();
            if (request != null) {
                due--;
                ends |= request.type() == OpCode.auth && expected.get(0).reply().error() != 0;
            }
        }
    }

    private static List<String> texts(List<Received> received, Side side) {
        return received.stream().map(one -> one.text(side)).toList();
    }

    private void compare(List<Received> expected, List<Received> actual) {
        Received our = actual.get(0);
        Request request = our.request();
        countAttaches(expected.get(0), our);
        if (request != null) {
            countRefusal(request, expected.get(0), our);
            if (request.type() == OpCode.closeSession) {
                closings.add(our.reply().zxid());
            }
        }
        List<String> theirTexts = texts(expected, theirs);
        List<String> ourTexts = texts(actual, ours);
        if (!theirTexts.equals(ourTexts) && !explained(our, theirTexts, ourTexts)) {
            throw new AssertionError("ZooKeeper: " + theirTexts + "\nTroupe:    " + ourTexts + "\nafter "
                    + String.join("\n  ", done) + "\nin answer to " + (request == null ? "none" : request.text()));
        }
        theirTexts.forEach(text -> done.add("    " + text));
    }

    /** Taking up a session spends a zxid at Troupe, whatever comes of it. */
    private void countAttaches(Received expected, Received actual) {
        long zxid = actual.reply().zxid();
        if (zxid <= 0 || (actual.request() == null && zxid <= before)) {
            return;
        }
        long more = ours.counted(zxid) - theirs.counted(expected.reply().zxid());
        if (more > 0 && more <= attaches) {
            for (int i = 1; i <= more; i++) {
                ours.spentExtra(before + i);
            }
            seen.add(ProtocolDifference.ATTACH_SPENDS_ZXID);
        }
        attaches = 0;
        before = Math.max(before, zxid);
    }

    /** A refusal that is found before the request is replicated spends no zxid. */
    private void countRefusal(Request request, Received expected, Received actual) {
        boolean refused = REFUSALS.contains(expected.reply().error())
                && expected.reply().error() == actual.reply().error();
        long their = expected.reply().zxid();
        if (refused
                && ProtocolDifference.isWrite(request.type())
                && theirs.counted(their) == ours.counted(actual.reply().zxid()) + 1) {
            theirs.spentExtra(their);
            seen.add(ProtocolDifference.REFUSED_WITHOUT_ZXID);
        }
    }

    private boolean explained(Received our, List<String> theirs, List<String> ours) {
        Request request = our.request();
        if (request == null) {
            boolean sorted = (closes || closings.contains(our.reply().zxid()))
                    && theirs.stream()
                            .sorted()
                            .toList()
                            .equals(ours.stream().sorted().toList());
            if (sorted) {
                seen.add(ProtocolDifference.EVENTS_OF_CLOSING_SORTED);
            }
            return sorted;
        }
        if (request.type() == OpCode.multiRead && theirs.get(0).equals(ours.get(0) + EMPTY_LIST)) {
            seen.add(ProtocolDifference.BAD_MULTI_READ_WITHOUT_BODY);
            return true;
        }
        return false;
    }

    private void same(String what, Object their, Object our) {
        done.add(what + " -> " + their);
        if (!their.equals(our)) {
            throw new AssertionError(
                    what + "\nZooKeeper: " + their + "\nTroupe:    " + our + "\nafter " + String.join("\n  ", done));
        }
    }

    private static long zxidOf(List<Received> received) {
        if (received.isEmpty()) {
            throw new AssertionError("a connection was closed instead of answering a ping");
        }
        return received.get(0).reply().zxid();
    }
}
