package io.troupe.client;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.stream.javadsl.Source;
import io.troupe.client.protocol.Answer;
import io.troupe.client.protocol.Ask;
import io.troupe.ensemble.Member;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.Identity;
import io.troupe.request.Stat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A session with an ensemble: its ephemerals live as long as it does, and its watches tell of changes. It finds another node when its
 * own dies, and goes on there. Thread-safe; nothing blocks.
 *
 * <p>Calls are made in the order in which they are asked for, and answered in it. Their stages complete, and listeners are called, one
 * after the other: an event before any answer that shows what it tells of. What is done there delays the rest, so it must be short; use
 * {@code thenApplyAsync} and its like for what is not. Failures are {@link CoordinatorException}s. A call is given up by cancelling its
 * future ({@code toCompletableFuture().cancel(true)}): it is not made if it has not been sent, and else nobody hears of its outcome.
 *
 * <p>When the connection is lost, reads that were not answered are asked again of the next node, until their deadline. Changes that were
 * not answered fail with {@link CoordinatorException.ConnectionLoss}, since nobody knows whether they were made; what was not sent yet
 * is sent to the next node.
 */
public final class Session {
    private static final int ANY = -1;
    private static final long NO_TTL = -1;
    private static final byte[] NOTHING = {};

    private final SessionMemory memory;
    private final ActorRef<SessionProtocol.Command> actor;
    private final Duration deadline;

    Session(SessionMemory memory, ActorRef<SessionProtocol.Command> actor, Duration deadline) {
        this.memory = memory;
        this.actor = actor;
        this.deadline = deadline;
    }

    /** Something that is told until it is closed. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    // ---- the session itself ----

    /** As every client of the ensemble sees it: {@code ephemeralOwner} of what it creates. */
    public long id() {
        return memory.id();
    }

    /** With it and the id another process can take the session over, {@link SessionSettings#resuming}. */
    public byte[] password() {
        return memory.password();
    }

    /** How long the ensemble keeps it without hearing of it, as agreed. */
    public Duration timeout() {
        return Duration.ofMillis(memory.timeoutMillis());
    }

    public SessionState state() {
        return memory.state();
    }

    /**
     * Until when the ensemble certainly keeps it, with its ephemerals: nanoseconds of {@link System#nanoTime}, to be compared by their
     * difference. Each answer moves it on, to three quarters of {@link #timeout} after what it answers was sent; in the past once the
     * session is over. After it others may have what was held by the session, whether or not anything has been heard of that; this
     * also goes for an owner who stood still and has not been told of any state.
     */
    public long validUntil() {
        return memory.validity().until();
    }

    /** How long it is until {@link #validUntil}; zero once that is over. */
    public Duration validFor() {
        return memory.validity().remaining();
    }

    /** Whether a node answers, and {@link #validUntil} is to come: so it was not over at the moment of this call. */
    public boolean isValid() {
        return memory.state().isConnected() && !memory.validity().isOver();
    }

    /**
     * Tells of each change of its state from now on, in order with answers and events.
     *
     * @return ends that
     */
    public Subscription onState(Consumer<SessionState> listener) {
        memory.listeners().add(listener);
        return () -> memory.listeners().remove(listener);
    }

    /** Its state now, and each after it; ends with the final one. A consumer that is slow gets the latest. */
    public Source<SessionState, NotUsed> states() {
        return Source.<SessionState>queue(memory.settings().watchBuffer())
                .mapMaterializedValue(queue -> {
                    Consumer<SessionState> listener = state -> {
                        queue.offer(state);
                        if (state.isFinal()) {
                            queue.complete();
                        }
                    };
                    memory.listeners().add(listener);
                    listener.accept(memory.state());
                    return listener;
                })
                .watchTermination((listener, done) -> {
                    done.whenComplete((ok, failure) -> memory.listeners().remove(listener));
                    return NotUsed.getInstance();
                });
    }

    /** The same session with another deadline of calls. */
    public Session withDeadline(Duration other) {
        return new Session(memory, actor, other);
    }

    /**
     * Ends the session, with its ephemerals, once all calls before have been answered. Fails only when no node takes it within
     * the deadline; the ensemble ends the session by itself then.
     */
    public CompletionStage<Done> close() {
        if (memory.state().isFinal()) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        return ask(new Ask.CloseSession(), "closing the session", answer -> Done.getInstance());
    }

    /** Proves that the owner is somebody, besides: scheme {@code digest}, {@code user:password}, say. Remembered for other nodes. */
    public CompletionStage<Done> addAuth(String scheme, String data) {
        return done(
                new Ask.AddAuth(Objects.requireNonNull(scheme), data.getBytes(StandardCharsets.UTF_8)),
                "proving an identity of scheme " + scheme);
    }

    /** Who the owner is to the ensemble. */
    public CompletionStage<List<Identity>> whoAmI() {
        return ask(new Ask.WhoAmI(), "whoAmI", answer -> ((Answer.Who) answer).identities());
    }

    // ---- changes ----

    /** Creates an empty znode that everybody may access. */
    public CompletionStage<Created> create(String path, CreateMode mode) {
        return create(path, NOTHING, mode);
    }

    /** Creates a znode that everybody may access. */
    public CompletionStage<Created> create(String path, byte[] data, CreateMode mode) {
        return create(path, data, mode, Acl.OPEN);
    }

    /** Creates a znode. */
    public CompletionStage<Created> create(String path, byte[] data, CreateMode mode, List<Acl> acl) {
        return create(new Ask.Create(
                Objects.requireNonNull(path), Objects.requireNonNull(data), acl, Objects.requireNonNull(mode), NO_TTL));
    }

    /**
     * Creates a znode that everybody may access, and finds it again where the answer is lost on the way, by an id in its name: {@code
     * /a/b-} becomes {@code /a/_c_<uuid>-b-}, as with Apache Curator's {@code withProtection}. For sequential ones, of which there
     * may be one that nobody knows of else. What it has made is removed again when it fails or is cancelled.
     */
    public CompletionStage<Created> createProtected(String path, byte[] data, CreateMode mode) {
        return createProtected(path, data, mode, Acl.OPEN);
    }

    /** The same with an access list. */
    public CompletionStage<Created> createProtected(String path, byte[] data, CreateMode mode, List<Acl> acl) {
        ProtectedZnode znode = protectedZnode(path, data, mode, acl, UUID.randomUUID());
        CompletableFuture<Created> outcome = new CompletableFuture<>();
        CompletionStage<Created> created = znode.create();
        created.whenComplete((made, failure) -> {
            boolean wanted = failure == null
                    ? outcome.complete(made)
                    : outcome.completeExceptionally(
                            failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure);
            if (failure != null || !wanted) {
                znode.remove();
            }
        });
        return outcome;
    }

    /**
     * A znode to be created as {@link #createProtected} does, by one who tries again himself, or decides otherwise.
     *
     * @param id of no other znode
     */
    public ProtectedZnode protectedZnode(String path, byte[] data, CreateMode mode, List<Acl> acl, UUID id) {
        return new ProtectedZnode(
                this,
                Objects.requireNonNull(path),
                Objects.requireNonNull(data),
                Objects.requireNonNull(mode),
                acl,
                id);
    }

    /** Creates a znode that goes when nobody has changed it for this long, of a mode that says so. */
    public CompletionStage<Created> createWithTtl(
            String path, byte[] data, CreateMode mode, List<Acl> acl, Duration ttl) {
        return create(new Ask.Create(
                Objects.requireNonNull(path),
                Objects.requireNonNull(data),
                acl,
                Objects.requireNonNull(mode),
                ttl.toMillis()));
    }

    private CompletionStage<Created> create(Ask.Create create) {
        return ask(create, "creating " + create.path(), answer -> {
            Answer.Created created = (Answer.Created) answer;
            return new Created(created.path(), created.stat());
        });
    }

    /** Deletes a znode of any version. */
    public CompletionStage<Done> delete(String path) {
        return delete(path, ANY);
    }

    /** Deletes a znode of this version, -1 for any. */
    public CompletionStage<Done> delete(String path, int version) {
        return done(new Ask.Delete(Objects.requireNonNull(path), version), "deleting " + path);
    }

    /** Sets the data of a znode of any version. */
    public CompletionStage<Stat> setData(String path, byte[] data) {
        return setData(path, data, ANY);
    }

    /** Sets the data of a znode of this version, -1 for any. */
    public CompletionStage<Stat> setData(String path, byte[] data, int version) {
        return ask(
                new Ask.SetData(Objects.requireNonNull(path), Objects.requireNonNull(data), version),
                "setting " + path,
                answer -> ((Answer.Found) answer).stat());
    }

    /** Sets who may do what with a znode whose list was changed so often, -1 for any number. */
    public CompletionStage<Stat> setAcl(String path, List<Acl> acl, int version) {
        return ask(
                new Ask.SetAcl(Objects.requireNonNull(path), acl, version),
                "setting the access list of " + path,
                answer -> ((Answer.Found) answer).stat());
    }

    /** Several changes, all or none. */
    public Transaction transaction() {
        return new Transaction(this);
    }

    // ---- members ----

    /** Who belongs to the ensemble, as far as this session's node knows. */
    public CompletionStage<EnsembleConfiguration> configuration() {
        return ask(new Ask.GetData(EnsembleConfiguration.PATH), "reading the members", Session::configuration);
    }

    private static EnsembleConfiguration configuration(Answer answer) {
        return EnsembleConfiguration.parse(data(answer).text());
    }

    /**
     * Adds members to the ensemble, and removes some. Needs {@code troupe.reconfig = on} and an identity that may write {@link
     * EnsembleConfiguration#PATH}. Completes with what is in force then.
     *
     * @param joining added, or put in the place of members with the same ids; their nodes must have joined before they may vote
     * @param leaving ids of those that go
     * @param version {@link EnsembleConfiguration#version} that must be in force, -1 for any; else this fails with {@link
     *     CoordinatorException.BadVersion}
     */
    public CompletionStage<EnsembleConfiguration> reconfigure(
            List<Member> joining, List<Integer> leaving, long version) {
        return reconfigure(new Ask.Reconfigure(lines(joining), leaving, null, version));
    }

    /** The same with all members there shall be. */
    public CompletionStage<EnsembleConfiguration> reconfigure(List<Member> members, long version) {
        return reconfigure(new Ask.Reconfigure(List.of(), List.of(), lines(members), version));
    }

    private CompletionStage<EnsembleConfiguration> reconfigure(Ask.Reconfigure wish) {
        return ask(wish, "changing the members", Session::configuration);
    }

    private static List<String> lines(List<Member> members) {
        return members.stream().map(Member::toConfigLine).toList();
    }

    // ---- reads ----

    /** The znode's history, empty where there is no such znode. */
    public CompletionStage<Optional<Stat>> exists(String path) {
        CompletableFuture<Optional<Stat>> found = new CompletableFuture<>();
        CompletableFuture<Stat> asked = ask(
                new Ask.Exists(Objects.requireNonNull(path)),
                "looking for " + path,
                answer -> ((Answer.Found) answer).stat());
        CompletionStage<Optional<Stat>> outcome = found;
        outcome.whenComplete((stat, failure) -> asked.cancel(false));
        CompletionStage<Stat> answered = asked;
        answered.whenComplete((stat, failure) -> {
            if (failure == null) {
                found.complete(Optional.of(stat));
            } else if (failure instanceof CoordinatorException.NoNode) {
                found.complete(Optional.empty());
            } else {
                found.completeExceptionally(failure);
            }
        });
        return found;
    }

    /** What a znode holds. */
    public CompletionStage<ZnodeData> getData(String path) {
        return ask(new Ask.GetData(Objects.requireNonNull(path)), "reading " + path, Session::data);
    }

    private static ZnodeData data(Answer answer) {
        Answer.Data data = (Answer.Data) answer;
        return new ZnodeData(data.data(), data.stat());
    }

    /** The names of a znode's children. */
    public CompletionStage<Children> getChildren(String path) {
        return ask(new Ask.GetChildren(Objects.requireNonNull(path)), "listing " + path, answer -> {
            Answer.Children children = (Answer.Children) answer;
            return new Children(children.names(), Objects.requireNonNull(children.stat()));
        });
    }

    /** Who may do what with a znode. */
    public CompletionStage<AccessList> getAcl(String path) {
        return ask(new Ask.GetAcl(Objects.requireNonNull(path)), "reading the access list of " + path, answer -> {
            Answer.AclFound found = (Answer.AclFound) answer;
            return new AccessList(found.acl(), found.stat());
        });
    }

    /** The data of some znodes and the names of some znodes' children, as of one moment: first those, then these. */
    public CompletionStage<List<ReadResult>> readAll(List<String> dataOf, List<String> childrenOf) {
        List<Ask.Read> reads = new ArrayList<>();
        dataOf.forEach(path -> reads.add(new Ask.GetData(path)));
        childrenOf.forEach(path -> reads.add(new Ask.GetChildren(path)));
        return ask(new Ask.MultiRead(reads), "reading " + reads.size() + " znodes", answer -> {
            List<ReadResult> results = new ArrayList<>();
            for (Answer one : ((Answer.Many) answer).answers()) {
                results.add(result(one, path(reads.get(results.size()))));
            }
            return List.copyOf(results);
        });
    }

    private static String path(Ask.Read read) {
        return read instanceof Ask.GetData get ? get.path() : ((Ask.GetChildren) read).path();
    }

    private static ReadResult result(Answer answer, String path) {
        if (answer instanceof Answer.Failed failed) {
            return new ReadResult.Failed(CoordinatorException.of(failed.code(), "reading " + path));
        }
        return answer instanceof Answer.Children children
                ? new ReadResult.Names(children.names())
                : new ReadResult.Data(data(answer));
    }

    /** Paths of this session's own ephemerals that begin with {@code prefix}; "/" for all. */
    public CompletionStage<List<String>> getEphemerals(String prefix) {
        return ask(
                new Ask.GetEphemerals(Objects.requireNonNull(prefix)),
                "listing ephemerals",
                answer -> ((Answer.Paths) answer).paths());
    }

    /** How many znodes there are below one, at any depth. */
    public CompletionStage<Integer> countDescendants(String path) {
        return ask(
                new Ask.CountDescendants(Objects.requireNonNull(path)),
                "counting below " + path,
                answer -> ((Answer.Count) answer).total());
    }

    /** Completes once this session's node has caught up with all that had been done anywhere before: reads after it show that. */
    public CompletionStage<Done> sync(String path) {
        return done(new Ask.Sync(Objects.requireNonNull(path)), "sync");
    }

    // ---- watches ----

    /**
     * Watches until it is cancelled or the session ends, wherever the session is; what happens while it has no node is told once it
     * has one again.
     */
    public Watch watch(String path, WatchMode mode, WatchListener listener) {
        WatchHandle watch = new WatchHandle(
                new WatchTable.Key(Objects.requireNonNull(path), mode == WatchMode.RECURSIVE), listener, actor);
        CoordinatorException end = memory.end();
        if (end == null) {
            actor.tell(new SessionProtocol.SetWatch(watch));
        } else {
            watch.ended(end, end);
        }
        return watch;
    }

    /**
     * A watch as a stream, set when it is run, and cancelled with it: it materializes to {@link Watch}, whose {@code established} tells
     * when changes begin to be told. It ends when the session is closed, and fails when the session expires. A consumer that is slower than
     * {@link SessionSettings#watchBuffer} allows gets {@link Event.Gap}.
     */
    public Source<Event, Watch> watch(String path, WatchMode mode) {
        return Source.fromGraph(
                new WatchSource(memory.settings().watchBuffer(), listener -> watch(path, mode, listener)));
    }

    /**
     * Reads a znode and watches it until its first change after that: ZooKeeper's {@code getData} with a watch. Where there is no such
     * znode it fails, and nothing is watched.
     */
    public CompletionStage<Watched<ZnodeData>> getDataAndWatch(String path) {
        return OneShotWatch.set(this, path, OneShotWatch.DATA, () -> getData(path));
    }

    /** Looks for a znode and watches it until it is created, changed or deleted: ZooKeeper's {@code exists} with a watch. */
    public CompletionStage<Watched<Optional<Stat>>> existsAndWatch(String path) {
        return OneShotWatch.set(this, path, OneShotWatch.DATA, () -> exists(path));
    }

    /**
     * Lists a znode's children and watches it until one is created or deleted, or itself is: ZooKeeper's {@code getChildren} with a
     * watch. Where there is no such znode it fails, and nothing is watched.
     */
    public CompletionStage<Watched<Children>> getChildrenAndWatch(String path) {
        return OneShotWatch.set(this, path, OneShotWatch.CHILDREN, () -> getChildren(path));
    }

    // ---- calls ----

    private CompletableFuture<Done> done(Ask ask, String what) {
        return ask(ask, what, answer -> Done.getInstance());
    }

    <T> CompletableFuture<T> ask(Ask ask, String what, Pending.Reader<T> reader) {
        CoordinatorException end = memory.end();
        if (end != null) {
            return CompletableFuture.failedFuture(end);
        }
        int most = memory.settings().maxPending();
        if (memory.unanswered().incrementAndGet() > most && !(ask instanceof Ask.CloseSession)) {
            memory.unanswered().decrementAndGet();
            return CompletableFuture.failedFuture(new CoordinatorException.TooManyCalls(most));
        }
        Pending<T> call = new Pending<>(ask, what, deadline, reader);
        CompletionStage<T> outcome = call.future();
        outcome.whenComplete((done, failure) -> memory.unanswered().decrementAndGet());
        actor.tell(new SessionProtocol.Submit(call));
        return call.future();
    }
}
