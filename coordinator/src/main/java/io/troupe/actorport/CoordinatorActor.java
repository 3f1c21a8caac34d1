package io.troupe.actorport;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.troupe.actorport.ConnectionProtocol.FromClient;
import io.troupe.client.protocol.Coordinator;
import io.troupe.client.protocol.Coordinator.Ack;
import io.troupe.client.protocol.Coordinator.AskHealth;
import io.troupe.client.protocol.Coordinator.Block;
import io.troupe.client.protocol.Coordinator.Health;
import io.troupe.client.protocol.Coordinator.Open;
import io.troupe.client.protocol.Coordinator.Probe;
import io.troupe.client.protocol.Coordinator.Refusal;
import io.troupe.client.protocol.Coordinator.Refused;
import io.troupe.client.protocol.Coordinator.Reset;
import io.troupe.client.protocol.Coordinator.ToNode;
import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Membership;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers actor systems that are clients of this node ({@link Coordinator}): each of their connections has an actor of its own,
 * which this one hands what comes for it.
 */
public final class CoordinatorActor extends AbstractBehavior<ToNode> {
    /** An address, not a name that would have to be looked up. */
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]?");

    private final Frontend frontend;
    private final ActorPortSettings settings;
    private final Backlog.Total total = new Backlog.Total();
    private final Map<Long, ActorRef<ConnectionProtocol.Command>> connections = new HashMap<>();
    private final Map<ActorRef<Coordinator.ToClient>, Latest> latest = new HashMap<>();
    private final Map<ActorRef<?>, Owner> owners = new HashMap<>();
    /** Hosts of connections that count for {@link Admission}. */
    private final Map<Long, String> admitted = new HashMap<>();

    private final AtomicLong channels;

    /** The youngest connection of a client. */
    private record Latest(long attempt, long channel) {}

    /** Whose connection an actor is. */
    private record Owner(ActorRef<Coordinator.ToClient> client, long channel) {}

    private CoordinatorActor(
            ActorContext<ToNode> context, Frontend frontend, ActorPortSettings settings, AtomicLong channels) {
        super(context);
        context.setLoggerName(CoordinatorActor.class);
        this.frontend = frontend;
        this.settings = settings;
        this.channels = channels;
    }

    /** Answers for the node behind {@code frontend}. */
    public static Behavior<ToNode> create(Frontend frontend, ActorPortSettings settings) {
        return Behaviors.setup(outer -> {
            // What was meant for the node before it started again must not be taken for its own: Akka draws this by
            // lot.
            AtomicLong channels = new AtomicLong((long) outer.getSelf().path().uid() << Integer.SIZE);
            return Behaviors.supervise(Behaviors.<ToNode>setup(
                            context -> new CoordinatorActor(context, frontend, settings, channels)))
                    .onFailure(RuntimeException.class, SupervisorStrategy.restart());
        });
    }

    @Override
    public Receive<ToNode> createReceive() {
        return newReceiveBuilder()
                .onMessage(Block.class, block -> route(block.connection(), block))
                .onMessage(Ack.class, ack -> route(ack.connection(), ack))
                .onMessage(Open.class, this::onOpen)
                .onMessage(Reset.class, reset -> route(reset.connection(), reset))
                .onMessage(Probe.class, this::onProbe)
                .onSignal(Terminated.class, this::onEnded)
                .onMessage(AskHealth.class, this::onHealth)
                .onSignal(PreRestart.class, restart -> onStop())
                .onSignal(PostStop.class, stop -> onStop())
                .build();
    }

    private Behavior<ToNode> onOpen(Open open) {
        Latest before = latest.get(open.client());
        if (before != null && before.attempt() >= open.attempt()) {
            return this;
        }
        if (before != null) {
            // It has given that one up.
            route(before.channel(), new Reset(before.channel()));
            release(before.channel());
        }
        if (open.version() != Coordinator.VERSION) {
            open.client()
                    .tell(new Refused(
                            open.attempt(), Refusal.VERSION, "this node speaks version " + Coordinator.VERSION));
            return this;
        }
        String host = open.client().path().address().getHost().orElse("");
        Optional<String> refusal = settings.admission().refusal(host, open.sessionId() != 0);
        if (refusal.isPresent()) {
            getContext().getLog().info("client {}: refused, {}", open.client(), refusal.get());
            open.client().tell(new Refused(open.attempt(), Refusal.TOO_MANY, refusal.get()));
            return this;
        }
        long channel = channels.incrementAndGet();
        admitted.put(channel, host);
        ActorRef<ConnectionProtocol.Command> connection = getContext()
                .spawn(
                        ConnectionActor.create(
                                new ConnectionActor.Surroundings(frontend, settings, total, channel, nodes()),
                                open,
                                settings.identification().of(address(host))),
                        "connection-" + Long.toHexString(channel));
        getContext().watch(connection);
        connections.put(channel, connection);
        owners.put(connection, new Owner(open.client(), channel));
        latest.put(open.client(), new Latest(open.attempt(), channel));
        return this;
    }

    /** Where answers to a client go: who only claims to be there never gets them, and cannot go on. */
    private static @Nullable InetAddress address(String host) {
        try {
            return LITERAL.matcher(host).matches() ? InetAddress.getByName(host) : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private Behavior<ToNode> route(long channel, ToNode message) {
        ActorRef<ConnectionProtocol.Command> connection = connections.get(channel);
        if (connection != null) {
            connection.tell(new FromClient(message));
        }
        return this;
    }

    private Behavior<ToNode> onProbe(Probe probe) {
        if (!connections.containsKey(probe.connection())) {
            probe.client().tell(new Reset(probe.attempt()));
        }
        return this;
    }

    private Behavior<ToNode> onEnded(Terminated ended) {
        Owner owner = owners.remove(ended.getRef());
        if (owner != null) {
            connections.remove(owner.channel());
            release(owner.channel());
            latest.computeIfPresent(
                    owner.client(), (client, youngest) -> youngest.channel() == owner.channel() ? null : youngest);
        }
        return this;
    }

    private void release(long channel) {
        String host = admitted.remove(channel);
        if (host != null) {
            settings.admission().release(host);
        }
    }

    /** Its connections end with it. */
    private Behavior<ToNode> onStop() {
        admitted.values().forEach(settings.admission()::release);
        admitted.clear();
        return this;
    }

    private Behavior<ToNode> onHealth(AskHealth ask) {
        NodeStatus status = frontend.status();
        ask.client()
                .tell(new Health(
                        Coordinator.VERSION,
                        status.nodeId(),
                        status.role(),
                        status.serving(),
                        status.leaderId(),
                        status.epoch(),
                        status.executedZxid(),
                        status.znodes(),
                        status.sessions(),
                        status.watches(),
                        nodes()));
        return this;
    }

    private List<String> nodes() {
        Membership membership = frontend.status().membership();
        return membership == null
                ? List.of()
                : membership.allMembers().stream()
                        .map(member -> member.host() + ":" + member.peerPort())
                        .toList();
    }
}
