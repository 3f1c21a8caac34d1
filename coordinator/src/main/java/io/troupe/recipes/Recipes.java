package io.troupe.recipes;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import io.troupe.client.Session;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Makes recipes in a session.
 *
 * <pre>{@code
 * Recipes recipes = Recipes.in(session, system);
 * recipes.mutex("/locks/report").whileHeld(lease -> writeReport(lease.token()));
 * }</pre>
 *
 * <p>Paths are those that Apache Curator's recipes are given for the same thing, and what lies below them is as theirs. Directories are
 * made as needed, as containers. Nothing here blocks. Thread-safe.
 */
public final class Recipes {
    private static final AtomicLong ACTORS = new AtomicLong();
    private static final byte[] NOTHING = {};
    private static final String LOCKS = "-locks";

    private final Session session;
    private final ActorSystem<?> system;
    private final Supplier<UUID> ids;
    private final Clock clock;

    private Recipes(Session session, ActorSystem<?> system, Supplier<UUID> ids, Clock clock) {
        this.session = session;
        this.system = system;
        this.ids = ids;
        this.clock = clock;
    }

    /** Whatever is held by them is held as long as the session at most. */
    public static Recipes in(Session session, ActorSystem<?> system) {
        return in(session, system, UUID::randomUUID, Clock.systemUTC());
    }

    /**
     * The same where chance and time must come from outside, as in a simulation.
     *
     * @param ids none may come twice
     * @param clock by which delayed elements are due
     */
    public static Recipes in(Session session, ActorSystem<?> system, Supplier<UUID> ids, Clock clock) {
        return new Recipes(session, system, ids, clock);
    }

    /** A lock that one holds at a time: Curator's {@code InterProcessMutex}, not reentrant. */
    public Lock mutex(String path) {
        return lock(new Contest(path, Line.LOCK, NOTHING, Line.alone(Line.LOCK)));
    }

    /** Locks that many read, or one writes, at a time: Curator's {@code InterProcessReadWriteLock}, not reentrant. */
    public ReadWriteLock readWriteLock(String path) {
        return new ReadWriteLock(
                lock(new Contest(path, Line.READ, NOTHING, Line.reader())),
                lock(new Contest(path, Line.WRITE, NOTHING, Line.writer())));
    }

    /**
     * A lock that so many may hold at a time: Curator's {@code InterProcessSemaphoreV2}. All who use it must know the same number.
     *
     * @param permits 1 or more
     */
    public Lock semaphore(String path, int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("a semaphore of " + permits + " permits; at least 1");
        }
        Contest turn = new Contest(path + "/locks", Line.LOCK, NOTHING, Line.alone(Line.LOCK));
        Contest permit = new Contest(path + "/leases", Line.LEASE, NOTHING, Line.atMost(permits));
        return new Lock(
                this,
                listener -> SemaphoreActor.create(
                                standing -> ContenderActor.create(session, ids, turn, standing),
                                standing -> ContenderActor.create(session, ids, permit, standing),
                                listener)
                        .narrow());
    }

    /** A number that all see and change: Curator's {@code DistributedAtomicLong} or {@code SharedCount}. */
    public Counter counter(String path) {
        return new Counter(this, path);
    }

    /** What holds all until it is lifted: Curator's {@code DistributedBarrier}. */
    public Barrier barrier(String path) {
        return new Barrier(this, path);
    }

    /**
     * A participant of those who begin and end together: Curator's {@code DistributedDoubleBarrier}.
     *
     * @param members how many must enter before any goes on
     */
    public DoubleBarrier doubleBarrier(String path, int members) {
        if (members < 1) {
            throw new IllegalArgumentException("a double barrier of " + members + " members; at least 1");
        }
        return new DoubleBarrier(this, path, members);
    }

    /** Who is there: Curator's {@code GroupMember}. */
    public Group group(String path) {
        return new Group(this, path);
    }

    /** A value with its earlier versions; Curator's {@code NodeCache} and any other client read it. */
    public <T> ConfigValue<T> config(String path, ConfigValue.Codec<T> codec) {
        return new ConfigValue<>(this, path, codec);
    }

    /** Who gives which service: Curator's {@code ServiceDiscovery}, of dynamic instances, as JSON. */
    public ServiceRegistry services(String path) {
        return new ServiceRegistry(this, path);
    }

    /** What some put in and others take out, with locks at {@code path-locks}. */
    public WorkQueue queue(String path) {
        return queue(path, path + LOCKS);
    }

    /** The same with locks elsewhere, where Curator's {@code QueueBuilder.lockPath} has them: all who take must know the same place. */
    public WorkQueue queue(String path, String locks) {
        return new WorkQueue(this, path, locks, QueueOrder.AS_PUT);
    }

    /** The same for what is to be taken at a time of its own, with locks at {@code path-locks}. */
    public DelayQueue delayQueue(String path) {
        return delayQueue(path, path + LOCKS);
    }

    /** The same with locks elsewhere. */
    public DelayQueue delayQueue(String path, String locks) {
        return new DelayQueue(new WorkQueue(this, path, locks, QueueOrder.BY_TIME));
    }

    private Lock lock(Contest contest) {
        return new Lock(
                this,
                listener ->
                        ContenderActor.create(session, ids, contest, listener).narrow());
    }

    /**
     * Takes part in an election, at once: Curator's {@code LeaderLatch}.
     *
     * @param id what the others know this candidate by; need not be unique
     */
    public LeaderElection leaderElection(String path, String id) {
        return new LeaderElection(this, path, id);
    }

    /** A candidate as an actor: stands from its start until it is told {@link Release}, is stopped, or the session is over. */
    public Behavior<Release> candidate(String path, String id, ActorRef<? super Standing> listener) {
        return LeaderElection.candidate(this, path, id, listener::tell);
    }

    Session session() {
        return session;
    }

    ActorSystem<?> system() {
        return system;
    }

    Supplier<UUID> ids() {
        return ids;
    }

    Clock clock() {
        return clock;
    }

    <T> ActorRef<T> spawn(Behavior<T> behavior, String what) {
        return system.systemActorOf(behavior, "troupe-" + what + "-" + ACTORS.incrementAndGet(), Props.empty());
    }

    /** Runs something once a time has passed. */
    Cancellable after(Duration time, Runnable something) {
        return system.scheduler().scheduleOnce(time, something, system.executionContext());
    }
}
