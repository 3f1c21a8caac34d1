package io.troupe.client;

import io.troupe.client.protocol.Ask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls of a session: those that were sent, in the order in which they will be answered, and those that were not. */
final class CallQueue {
    private final Deque<Pending<?>> sent = new ArrayDeque<>();
    private final Deque<Pending<?>> queued = new ArrayDeque<>();
    private int xids;

    void add(Pending<?> call) {
        queued.add(call);
    }

    /** Before all others. */
    void addFirst(Pending<?> call) {
        queued.addFirst(call);
    }

    /** Calls that were sent and not answered. */
    int sentCount() {
        return sent.size();
    }

    /**
     * The next call to send, numbered; null for none. What nobody waits for any more is not sent.
     *
     * @param loggingIn whether only what may be asked by one who has not logged in is sent
     */
    @Nullable
    Pending<?> next(boolean loggingIn) {
        while (!queued.isEmpty()) {
            if (loggingIn && !beforeLogin(queued.element().ask())) {
                return null;
            }
            Pending<?> call = queued.remove();
            if (!call.abandoned()) {
                call.sent(++xids);
                sent.add(call);
                return call;
            }
        }
        return null;
    }

    private static boolean beforeLogin(Ask ask) {
        return ask instanceof Ask.Sasl || ask instanceof Ask.Ping;
    }

    /** Nobody waits for it any more. */
    void forget(Pending<?> call) {
        queued.remove(call);
    }

    /** It was not sent after all. */
    void withdraw(Pending<?> call) {
        sent.remove(call);
    }

    /** The call that this answers; null when another is due, which is against the protocol. */
    @Nullable
    Pending<?> answered(int xid) {
        return !sent.isEmpty() && sent.element().xid() == xid ? sent.remove() : null;
    }

    /**
     * The connection is lost: what can be asked again will be, in the same order and before all that was not sent. The rest is
     * returned.
     */
    List<Pending<?>> lost() {
        List<Pending<?>> unknown = new ArrayList<>();
        for (Iterator<Pending<?>> last = sent.descendingIterator(); last.hasNext(); ) {
            Pending<?> call = last.next();
            if (!call.ask().repeatable()) {
                unknown.add(0, call);
            } else if (!(call.ask() instanceof Ask.Ping) && !(call.ask() instanceof Ask.ResumeWatches)) {
                queued.addFirst(call);
            }
        }
        sent.clear();
        return unknown;
    }

    /** None of them will be answered. */
    List<Pending<?>> clear() {
        List<Pending<?>> all = new ArrayList<>(sent);
        all.addAll(queued);
        sent.clear();
        queued.clear();
        return all;
    }
}
