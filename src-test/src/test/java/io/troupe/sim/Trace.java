package io.troupe.sim;

import akka.dispatch.Envelope;
import akka.dispatch.Mailbox;
import akka.dispatch.NodeMessageQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a world, for people, and a hash of it, for the proof that a seed replays exactly. Events (faults,
 * changes of role, failures) are always kept; messages between nodes and log lines only at the levels that ask for
 * them, because they cost more than the run itself.
 */
final class Trace {
    /** How much is written down; each level includes those before it. */
    enum Level {
        /** Faults, roles, failures. */
        EVENTS,
        /** Also the log lines of the production code. */
        LOG,
        /** Also every message between nodes and between a client and a node. */
        NETWORK,
        /** Also every message an actor takes from its mailbox. */
        ACTORS
    }

    private static final int KEPT = 400;

    private record Line(long micros, String text) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%4d.%06d  %s", micros / 1_000_000, micros % 1_000_000, text);
        }
    }

    private final Level level;
    private final @Nullable Consumer<String> sink;
    private final Deque<Line> recent = new ArrayDeque<>();
    private @Nullable SimWorld world;
    private long hash = 17;

    /** {@code sink}, if there is one, gets every line as it is written. */
    Trace(Level level, @Nullable Consumer<String> sink) {
        this.level = level;
        this.sink = sink;
    }

    /** Keeps the most recent events and prints nothing. */
    static Trace quiet() {
        return new Trace(Level.EVENTS, null);
    }

    void attach(SimWorld owner) {
        world = owner;
        TraceAppender.attach(this, owner);
    }

    void detach() {
        TraceAppender.detach(this);
    }

    boolean shows(Level wanted) {
        return level.compareTo(wanted) >= 0;
    }

    /** Equal for equal runs; independent of the level. */
    long hash() {
        return hash;
    }

    /** The last lines written. */
    List<String> recent() {
        return recent.stream().map(Line::toString).toList();
    }

    /** Something worth keeping whatever the level. */
    void event(String text) {
        mix(text.hashCode());
        write(text);
    }

    /** A message between nodes or with a client. {@code what} and {@code which} enter the hash, the text only the output. */
    void network(String what, String which, long where, Supplier<String> text) {
        mix(what.hashCode());
        mix(which.hashCode());
        mix(where);
        if (shows(Level.NETWORK)) {
            write(text.get());
        }
    }

    /** A log line of the production code. It does not enter the hash: it may print what differs between two runs. */
    void log(String text) {
        if (shows(Level.LOG)) {
            write(text);
        }
    }

    /** Something is about to run. */
    void step(@Nullable SimProcess process, Runnable action) {
        mix(process == null ? 1 : process.name().hashCode());
        if (action instanceof Mailbox mailbox && mailbox.actor() != null) {
            mix(stableName(process, mailbox.actor().self().path().name()).hashCode());
            if (shows(Level.ACTORS)
                    && process != null
                    && mailbox.messageQueue() instanceof NodeMessageQueue queue
                    && !mailbox.isSuspended()) {
                Envelope next = queue.peek();
                if (next != null) {
                    String path = mailbox.actor().self().path().toStringWithoutAddress();
                    write(path.substring("/user/".length()) + " <- " + Describe.value(next.message()));
                }
            }
        }
        mix(world == null ? 0 : world.nowNanos());
    }

    /** What of an actor's name is the same in each run; the rest is drawn by Akka, or counted by all worlds together. */
    private static String stableName(@Nullable SimProcess process, String name) {
        if (process != null && process.nodeId() == SimProcess.NO_NODE) {
            return "";
        }
        return name.startsWith("connection-") ? "connection" : name;
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x100000001B3L;
        hash ^= hash >>> 29;
    }

    private void write(String text) {
        Line line = new Line(world == null ? 0 : world.nowNanos() / 1000, text);
        recent.add(line);
        if (recent.size() > KEPT) {
            recent.remove();
        }
        if (sink != null) {
            sink.accept(line.toString());
        }
    }
}
