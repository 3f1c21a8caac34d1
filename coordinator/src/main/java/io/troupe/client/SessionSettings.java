package io.troupe.client;

import io.troupe.client.protocol.Coordinator.Proof;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a session is to be.
 *
 * @param timeout how long the ensemble keeps it without hearing of its owner; the nodes grant it within their own limits, 4 s to 40 s
 *     unless configured otherwise. Short: pauses of the owner cost it the session; long: others wait for what a dead one held
 * @param deadline how long calls may take; {@link Session#withDeadline} sets another for single ones
 * @param connectTimeout how long a node may take to give the session before another is asked; doubled each time that all have been asked
 *     in vain, up to {@code timeout}
 * @param silence how long a node may be silent before another is asked; never longer than a third of the granted timeout, which is the
 *     rule unless this is set. Short: a node that is busy is left for another; long: what has a deadline waits for a node that is cut off
 * @param leastBackoff pause once all nodes have been asked in vain; doubled each time, up to {@code mostBackoff}
 * @param maxPending calls that may wait for their answers at a time; more fail at once
 * @param watchBuffer events that a stream of a watch keeps for a consumer that is slower; more become a gap
 * @param proofs who the owner is, shown to each node
 * @param sasl how the owner logs in by SASL at each node, null where he does not
 * @param resumedId 0, or the id of a session to be taken over, with its {@code resumedPassword}, from a process that has ended: two
 *     that go on with one session take it from each other again and again
 */
public record SessionSettings(
        Duration timeout,
        Duration deadline,
        Duration connectTimeout,
        Duration silence,
        Duration leastBackoff,
        Duration mostBackoff,
        int maxPending,
        int watchBuffer,
        List<Proof> proofs,
        @Nullable SaslLogin sasl,
        long resumedId,
        byte[] resumedPassword) {
    private static final Duration MOST_TIMEOUT = Duration.ofMillis(Integer.MAX_VALUE);

    /** A timeout of 10 s, deadlines of 15 s. */
    public static final SessionSettings DEFAULT = new SessionSettings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            Duration.ofSeconds(2),
            MOST_TIMEOUT,
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            10_000,
            10_000,
            List.of(),
            null,
            0,
            new byte[0]);

    /** Spelled out, because Java 17 loses what annotates the parameters of the short form. */
    public SessionSettings(
            Duration timeout,
            Duration deadline,
            Duration connectTimeout,
            Duration silence,
            Duration leastBackoff,
            Duration mostBackoff,
            int maxPending,
            int watchBuffer,
            List<Proof> proofs,
            @Nullable SaslLogin sasl,
            long resumedId,
            byte[] resumedPassword) {
        this.timeout = timeout;
        this.deadline = deadline;
        this.connectTimeout = connectTimeout;
        this.silence = silence;
        this.leastBackoff = leastBackoff;
        this.mostBackoff = mostBackoff;
        this.maxPending = maxPending;
        this.watchBuffer = watchBuffer;
        this.proofs = List.copyOf(proofs);
        this.sasl = sasl;
        this.resumedId = resumedId;
        this.resumedPassword = resumedPassword;
        positive("timeout", timeout);
        positive("deadline", deadline);
        positive("connectTimeout", connectTimeout);
        positive("silence", silence);
        positive("leastBackoff", leastBackoff);
        positive("mostBackoff", mostBackoff);
        if (timeout.compareTo(MOST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout is " + timeout + "; at most " + MOST_TIMEOUT);
        }
        if (maxPending < 1 || watchBuffer < 1) {
            throw new IllegalArgumentException("maxPending and watchBuffer must be at least 1");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(name + " is " + value + "; at least 1 ms");
        }
    }

    /** The same with another timeout of the session. */
    public SessionSettings withTimeout(Duration other) {
        return copy(other, deadline, connectTimeout, maxPending, watchBuffer, proofs, resumedId, resumedPassword);
    }

    /** The same with another deadline of calls. */
    public SessionSettings withDeadline(Duration other) {
        return copy(timeout, other, connectTimeout, maxPending, watchBuffer, proofs, resumedId, resumedPassword);
    }

    /** The same with another patience with each node. */
    public SessionSettings withConnectTimeout(Duration other) {
        return copy(timeout, deadline, other, maxPending, watchBuffer, proofs, resumedId, resumedPassword);
    }

    /** The same with another patience with a node that has given the session. */
    public SessionSettings withSilence(Duration other) {
        return copy(other, sasl);
    }

    /** The same for an owner who logs in by SASL at each node, before anything else is asked of it. */
    public SessionSettings withSasl(SaslLogin login) {
        return copy(silence, login);
    }

    private SessionSettings copy(Duration newSilence, @Nullable SaslLogin newSasl) {
        return new SessionSettings(
                timeout,
                deadline,
                connectTimeout,
                newSilence,
                leastBackoff,
                mostBackoff,
                maxPending,
                watchBuffer,
                proofs,
                newSasl,
                resumedId,
                resumedPassword);
    }

    /** The same with another number of calls that may wait for their answers. */
    public SessionSettings withMaxPending(int other) {
        return copy(timeout, deadline, connectTimeout, other, watchBuffer, proofs, resumedId, resumedPassword);
    }

    /** The same with another buffer of streams of watches. */
    public SessionSettings withWatchBuffer(int other) {
        return copy(timeout, deadline, connectTimeout, maxPending, other, proofs, resumedId, resumedPassword);
    }

    /** The same for an owner who can prove this, besides: scheme {@code digest}, data {@code user:password}, say. */
    public SessionSettings withAuth(String scheme, String data) {
        List<Proof> more = new ArrayList<>(proofs);
        more.add(new Proof(scheme, data.getBytes(StandardCharsets.UTF_8)));
        return copy(timeout, deadline, connectTimeout, maxPending, watchBuffer, more, resumedId, resumedPassword);
    }

    /** The same for a session that exists already, {@link Session#id} and {@link Session#password}. */
    public SessionSettings resuming(long id, byte[] password) {
        return copy(timeout, deadline, connectTimeout, maxPending, watchBuffer, proofs, id, password);
    }

    private SessionSettings copy(
            Duration newTimeout,
            Duration newDeadline,
            Duration newConnectTimeout,
            int newMaxPending,
            int newWatchBuffer,
            List<Proof> newProofs,
            long newId,
            byte[] newPassword) {
        return new SessionSettings(
                newTimeout,
                newDeadline,
                newConnectTimeout,
                silence,
                leastBackoff,
                mostBackoff,
                newMaxPending,
                newWatchBuffer,
                newProofs,
                sasl,
                newId,
                newPassword);
    }
}
