package io.troupe.client;

import io.troupe.client.protocol.Coordinator.Proof;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a session keeps from one connection to the next, and should its actor fail. Written by the actor alone; others read what is
 * volatile.
 */
final class SessionMemory {
    private final SessionSettings settings;
    private final List<Proof> proofs;
    private final Set<String> contacts;
    private final WatchTable watches = new WatchTable();
    private final Position position = new Position();
    private final List<Consumer<SessionState>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<SessionMemory> opened = new CompletableFuture<>();
    private final Validity validity;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile SessionState state = SessionState.CONNECTING;
    private volatile long id;
    private volatile byte[] password;
    private volatile int timeoutMillis;
    private volatile @Nullable CoordinatorException end;
    private volatile @Nullable String crowded;
    private int nextContact;
    private long attempts;

    /**
     * @param firstContact which of the contact points is asked first
     */
    SessionMemory(SessionSettings settings, List<String> contacts, int firstContact, Validity validity) {
        this.settings = settings;
        this.validity = validity;
        this.proofs = new ArrayList<>(settings.proofs());
        this.contacts = new LinkedHashSet<>(contacts);
        this.id = settings.resumedId();
        this.password = settings.resumedPassword().clone();
        this.timeoutMillis = (int) settings.timeout().toMillis();
        this.nextContact = Math.floorMod(firstContact, contacts.size());
    }

    SessionSettings settings() {
        return settings;
    }

    /** Shown to each node. */
    List<Proof> proofs() {
        return proofs;
    }

    /** From now on this is shown to each node, too. */
    void prove(Proof more) {
        if (proofs.stream()
                .noneMatch(proof -> proof.scheme().equals(more.scheme()) && Arrays.equals(proof.data(), more.data()))) {
            proofs.add(more);
        }
    }

    WatchTable watches() {
        return watches;
    }

    Position position() {
        return position;
    }

    /** Completes once the session is open, for the first time. */
    CompletableFuture<SessionMemory> opened() {
        return opened;
    }

    List<Consumer<SessionState>> listeners() {
        return listeners;
    }

    Validity validity() {
        return validity;
    }

    /** Calls whose callers wait. */
    AtomicInteger unanswered() {
        return unanswered;
    }

    SessionState state() {
        return state;
    }

    void state(SessionState now) {
        state = now;
    }

    /** Why nothing can be asked any more, null while something can. */
    @Nullable
    CoordinatorException end() {
        return end;
    }

    void end(CoordinatorException why) {
        end = why;
        validity.end();
    }

    /** Why the last node that has refused the session takes no more clients; null where that was not its reason. */
    @Nullable
    String crowded() {
        return crowded;
    }

    void crowded(@Nullable String why) {
        crowded = why;
    }

    long id() {
        return id;
    }

    byte[] password() {
        return password.clone();
    }

    int timeoutMillis() {
        return timeoutMillis;
    }

    void given(long sessionId, byte[] sessionPassword, int millis) {
        id = sessionId;
        password = sessionPassword.clone();
        timeoutMillis = millis;
    }

    /** Nodes that can be asked. */
    int contactCount() {
        return contacts.size();
    }

    /** A node has told of others. */
    void learn(List<String> nodes) {
        contacts.addAll(nodes);
    }

    /** The node to ask next, each in its turn. */
    String nextContact() {
        List<String> all = List.copyOf(contacts);
        String contact = all.get(nextContact % all.size());
        nextContact = (nextContact + 1) % all.size();
        return contact;
    }

    long nextAttempt() {
        return ++attempts;
    }

    /** The session's id, as logs have it. */
    @Override
    public String toString() {
        return Long.toHexString(id);
    }
}
