package io.troupe.membership;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.env.Entropy;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.membership.MembershipProtocol.AskId;
import io.troupe.membership.MembershipProtocol.Command;
import io.troupe.membership.MembershipProtocol.Hello;
import io.troupe.membership.MembershipProtocol.IdTaken;
import io.troupe.membership.MembershipProtocol.MembersChanged;
import io.troupe.membership.MembershipProtocol.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes an empty node a member: of an ensemble that its seed nodes know, or of one they found together. Once it is a member
 * it answers those who ask; and while the ensemble does not list it, it tells the members where it is.
 */
public final class MembershipActor extends AbstractBehavior<Command> {
    private static final Duration ASK_EVERY = Duration.ofMillis(200);
    private static final Duration ANNOUNCE_EVERY = Duration.ofSeconds(1);
    private static final Duration LOST_CHECK_EVERY = Duration.ofSeconds(2);

    private final Surroundings around;
    private final TimerScheduler<Command> timers;
    private final Founding founding;
    private final ObserverIds ids = new ObserverIds();
    private final Set<String> warned = new HashSet<>();
    private @Nullable Membership first;
    private @Nullable Membership member;
    /** The latest list that others told this node of while it was without a leader; its own changes by history alone. */
    private @Nullable Membership told;

    /**
     * Everything around this actor.
     *
     * @param self this node as it would be listed among the members; a voter if it is on the list of a first start
     * @param seeds the seed list, {@code id=host:port} each, in order
     * @param seedIds the ids in it
     * @param member the ensemble this node belongs to, with the list of members it began with; null for none yet
     * @param imported what an ensemble would begin with that this node founds; null for nothing
     * @param joined told once when an empty node has become a member; the node makes it durable
     * @param leader the node that leads, itself maybe, while this one takes part; else 0
     * @param later told of a later list of members than this node has, when it is without a leader
     * @param idTaken told why this node cannot be listed under its id: it is another node's
     */
    public record Surroundings(
            Member self,
            List<String> seeds,
            List<Integer> seedIds,
            @Nullable Membership member,
            @Nullable ImportedHistory imported,
            Entropy entropy,
            PeerTransport transport,
            Consumer<Membership> joined,
            IntSupplier leader,
            Consumer<Membership> later,
            Consumer<String> idTaken) {}

    private MembershipActor(ActorContext<Command> context, TimerScheduler<Command> timers, Surroundings around) {
        super(context);
        // What Akka would find is a class of its own.
        context.setLoggerName(MembershipActor.class);
        this.around = around;
        this.timers = timers;
        this.first = around.member();
        this.member = around.member();
        this.founding = new Founding(around.self(), around.seeds(), around.seedIds(), around.imported());
        if (member == null) {
            timers.startTimerWithFixedDelay(Timer.ASK, Timer.ASK, ASK_EVERY);
            context.getSelf().tell(Timer.ASK);
        } else {
            announceUnlessListed(member);
            lookWhetherLost();
        }
    }

    public static Behavior<Command> create(Surroundings around) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new MembershipActor(context, timers, around)));
    }

    @Override
    public Receive<Command> createReceive() {
        return member != null ? belonging() : asking();
    }

    private Receive<Command> asking() {
        return newReceiveBuilder()
                .onMessage(Hello.class, this::onHelloWhileAsking)
                .onMessage(IdTaken.class, this::onIdTaken)
                .onMessageEquals(Timer.ASK, this::onAsk)
                .onMessage(Command.class, message -> Behaviors.same())
                .build();
    }

    private Receive<Command> belonging() {
        return newReceiveBuilder()
                .onMessage(Hello.class, this::onHello)
                .onMessage(MembersChanged.class, this::onMembersChanged)
                .onMessage(AskId.class, this::onAskId)
                .onMessageEquals(Timer.LOST_CHECK, this::onLostCheck)
                .onMessage(IdTaken.class, this::onIdTaken)
                .onMessageEquals(Timer.ANNOUNCE, this::onAnnounce)
                .onMessage(Timer.class, timer -> Behaviors.same())
                .build();
    }

    // ---- empty ----

    private Behavior<Command> onAsk() {
        for (int node : around.seedIds()) {
            if (node != around.self().nodeId()) {
                send(node);
            }
        }
        return foundIfAllAreThere();
    }

    private void send(int node) {
        around.transport()
                .send(
                        node,
                        Recipient.MEMBERSHIP,
                        new Hello(around.self(), around.seeds(), member, member == null ? around.imported() : null));
    }

    private Behavior<Command> onHelloWhileAsking(Hello hello) {
        if (hello.member() != null) {
            return join(hello.member(), "node " + hello.self().nodeId() + " belongs to it");
        }
        founding.take(hello)
                .filter(warned::add)
                .ifPresent(warning -> getContext().getLog().warn("{}", warning));
        return foundIfAllAreThere();
    }

    private Behavior<Command> foundIfAllAreThere() {
        if (!founding.mayFound()) {
            return Behaviors.same();
        }
        String id = "%016x".formatted(around.entropy().nextLong());
        return join(founding.found(id), "all listed nodes are there and empty");
    }

    private Behavior<Command> join(Membership ensemble, String reason) {
        first = ensemble;
        member = ensemble;
        timers.cancelAll();
        getContext().getLog().info("Member of ensemble {}: {}", ensemble.ensembleId(), reason);
        around.joined().accept(ensemble);
        announceUnlessListed(ensemble);
        lookWhetherLost();
        return belonging();
    }

    // ---- belonging ----

    /** Members answer a node only if they know where it is; the list tells them only of those it holds. */
    private void announceUnlessListed(Membership ensemble) {
        if (listed(ensemble)) {
            timers.cancel(Timer.ANNOUNCE);
        } else if (!timers.isTimerActive(Timer.ANNOUNCE)) {
            timers.startTimerWithFixedDelay(Timer.ANNOUNCE, Timer.ANNOUNCE, ANNOUNCE_EVERY);
            getContext().getSelf().tell(Timer.ANNOUNCE);
        }
    }

    private boolean listed(Membership ensemble) {
        return ensemble.member(around.self().nodeId())
                .filter(around.self()::samePlace)
                .isPresent();
    }

    private void lookWhetherLost() {
        timers.startTimerWithFixedDelay(Timer.LOST_CHECK, Timer.LOST_CHECK, LOST_CHECK_EVERY);
    }

    /** Where the seed list names places that the list of members does not: the members may have moved there. */
    private List<SeedPlace> placesNotListed(Membership ensemble) {
        return around.seeds().stream()
                .map(SeedPlace::parse)
                .filter(place -> !place.isOf(around.self())
                        && ensemble.allMembers().stream().noneMatch(place::isOf))
                .toList();
    }

    /**
     * Without a leader this node may be one whose list is outdated, and who may have been taken off the list meanwhile: then the others
     * answer neither its votes nor its questions, unless it says where it is, and none it knows may lead.
     */
    private Behavior<Command> onLostCheck() {
        if (member != null && around.leader().getAsInt() == 0) {
            Membership latest = latest(member);
            askMembers(latest);
            Hello hello = new Hello(around.self(), around.seeds(), latest);
            placesNotListed(latest)
                    .forEach(place -> around.transport().send(place.host(), place.port(), Recipient.MEMBERSHIP, hello));
        }
        return Behaviors.same();
    }

    private Membership latest(Membership own) {
        return told != null && told.version() > own.version() ? told : own;
    }

    private void askMembers(Membership latest) {
        Hello hello = new Hello(around.self(), around.seeds(), latest);
        latest.allMembers().stream()
                .filter(listed -> listed.nodeId() != around.self().nodeId())
                .forEach(listed ->
                        around.transport().send(listed.host(), listed.peerPort(), Recipient.MEMBERSHIP, hello));
    }

    private Behavior<Command> onAnnounce() {
        if (member != null) {
            member.allMembers().forEach(m -> send(m.nodeId()));
        }
        return Behaviors.same();
    }

    private Behavior<Command> onMembersChanged(MembersChanged message) {
        member = message.membership();
        message.membership()
                .member(around.self().nodeId())
                .filter(this::another)
                .ifPresent(other -> giveUpId(taken(other, around.self())));
        announceUnlessListed(message.membership());
        return Behaviors.same();
    }

    /** Neither this node's place nor its disk. */
    private boolean another(Member listed) {
        return !listed.samePlace(around.self())
                && listed.diskId() != around.self().diskId();
    }

    private static String taken(Member listed, Member other) {
        return "node id %d is that of %s:%d, not of %s:%d; give the latter an id of its own"
                .formatted(listed.nodeId(), listed.host(), listed.peerPort(), other.host(), other.peerPort());
    }

    private Behavior<Command> onIdTaken(IdTaken message) {
        boolean mine = member != null
                && member.member(around.self().nodeId())
                        .filter(listed -> !another(listed))
                        .isPresent();
        if (message.nodeId() == around.self().nodeId() && !mine) {
            giveUpId(message.cause());
        }
        return Behaviors.same();
    }

    private void giveUpId(String cause) {
        if (warned.add(cause)) {
            around.idTaken().accept(cause);
        }
    }

    /** Only the leader offers ids, or two nodes would soon be offered the same one. */
    private Behavior<Command> onAskId(AskId ask) {
        int leader = around.leader().getAsInt();
        if (member == null || leader == 0) {
            return Behaviors.same();
        }
        if (leader != around.self().nodeId()) {
            if (!ask.forwarded()) {
                around.transport()
                        .send(leader, Recipient.MEMBERSHIP, new AskId(ask.host(), ask.port(), ask.reserved(), true));
            }
            return Behaviors.same();
        }
        Set<Integer> reserved = new HashSet<>(ask.reserved());
        reserved.addAll(around.seedIds());
        OptionalInt id = ids.offer(ask.host(), ask.port(), member, reserved);
        around.transport()
                .send(
                        ask.host(),
                        ask.port(),
                        Recipient.NEWCOMER,
                        id.isPresent()
                                ? new NewcomerProtocol.IdOffered(id.getAsInt())
                                : new NewcomerProtocol.NoIdLeft(
                                        "all ids from 1 to 254 are taken; take members off the list that are gone"));
        return Behaviors.same();
    }

    private Behavior<Command> onHello(Hello hello) {
        Membership own = member;
        if (own == null || !mayAnswer(own, hello)) {
            return Behaviors.same();
        }
        if (hello.member() != null && hello.member().version() > own.version()) {
            if (around.leader().getAsInt() == 0) {
                lookAmong(hello.member(), own);
            }
        } else if (hello.member() != null && hello.member().version() < own.version()) {
            around.transport()
                    .send(
                            hello.self().host(),
                            hello.self().peerPort(),
                            Recipient.MEMBERSHIP,
                            new Hello(around.self(), around.seeds(), own));
        }
        if (hello.member() == null) {
            around.transport()
                    .send(
                            hello.self().nodeId(),
                            Recipient.MEMBERSHIP,
                            new Hello(around.self(), around.seeds(), beginningOf(hello.self(), own)));
        }
        return Behaviors.same();
    }

    private void lookAmong(Membership later, Membership own) {
        boolean news = later.version() > latest(own).version();
        around.later().accept(later);
        if (news) {
            told = later;
            // Those that this node has not known yet may not know where it is.
            askMembers(later);
        }
    }

    /** A founder that missed the news starts with the first list, from which it can replay all history; others with the last. */
    private Membership beginningOf(Member caller, Membership latest) {
        Membership beginning = first;
        return beginning != null && beginning.version() == 0 && beginning.counts(caller.nodeId(), caller.diskId())
                ? beginning
                : latest;
    }

    /** Learns where a node is that is not listed; whoever calls under an id of another is not answered. */
    private boolean mayAnswer(Membership own, Hello hello) {
        Member caller = hello.self();
        Optional<Member> listed = own.member(caller.nodeId());
        if (hello.member() != null && !hello.member().ensembleId().equals(own.ensembleId())) {
            return warn("node %d at %s:%d belongs to ensemble %s, this is %s"
                    .formatted(
                            caller.nodeId(),
                            caller.host(),
                            caller.peerPort(),
                            hello.member().ensembleId(),
                            own.ensembleId()));
        }
        if (listed.isEmpty()) {
            around.transport().address(caller.nodeId(), caller.host(), caller.peerPort());
            ids.inUse(caller.host(), caller.peerPort(), caller.nodeId());
            return true;
        }
        if (listed.get().samePlace(caller)) {
            // A late message from where it was before may have said otherwise.
            around.transport().address(caller.nodeId(), caller.host(), caller.peerPort());
            return true;
        }
        boolean knowsLater = hello.member() != null && hello.member().version() > own.version();
        if (listed.get().diskId() == caller.diskId() || knowsLater) {
            // Moved, as its disk proves; or this list is the outdated one.
            around.transport().address(caller.nodeId(), caller.host(), caller.peerPort());
            return true;
        }
        String cause = taken(listed.get(), caller);
        around.transport()
                .send(caller.host(), caller.peerPort(), Recipient.MEMBERSHIP, new IdTaken(caller.nodeId(), cause));
        return warn(cause);
    }

    private boolean warn(String warning) {
        if (warned.add(warning)) {
            getContext().getLog().warn("{}", warning);
        }
        return false;
    }
}
