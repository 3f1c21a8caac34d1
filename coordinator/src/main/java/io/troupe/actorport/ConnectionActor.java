package io.troupe.actorport;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.actorport.ConnectionProtocol.Command;
import io.troupe.actorport.ConnectionProtocol.Connected;
import io.troupe.actorport.ConnectionProtocol.Delivered;
import io.troupe.actorport.ConnectionProtocol.Fired;
import io.troupe.actorport.ConnectionProtocol.FromClient;
import io.troupe.actorport.ConnectionProtocol.FromNode;
import io.troupe.actorport.ConnectionProtocol.Over;
import io.troupe.actorport.ConnectionProtocol.Proven;
import io.troupe.actorport.ConnectionProtocol.Replied;
import io.troupe.actorport.ConnectionProtocol.Timer;
import io.troupe.actorport.ConnectionProtocol.Turn;
import io.troupe.client.protocol.Answer;
import io.troupe.client.protocol.Ask;
import io.troupe.client.protocol.Call;
import io.troupe.client.protocol.ChannelEnd;
import io.troupe.client.protocol.Coordinator;
import io.troupe.client.protocol.Coordinator.Ack;
import io.troupe.client.protocol.Coordinator.Block;
import io.troupe.client.protocol.Coordinator.Open;
import io.troupe.client.protocol.Coordinator.Opened;
import io.troupe.client.protocol.Coordinator.Proof;
import io.troupe.client.protocol.Coordinator.Refusal;
import io.troupe.client.protocol.Coordinator.Refused;
import io.troupe.client.protocol.Coordinator.Reset;
import io.troupe.client.protocol.Delivery;
import io.troupe.client.protocol.WireCodec;
import io.troupe.edge.Audit;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.Frontend;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionPassword;
import io.troupe.edge.SessionSink;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection of an actor system: <i>opening</i> until the node has given it its session, then <i>open</i> until it is over. */
final class ConnectionActor extends AbstractBehavior<Command> {
    private final Surroundings around;
    private final Open open;
    private final Identification.Client client;
    private final AskTranslation asks;
    private final Backlog backlog;
    private final SessionSink sink;
    private final ChannelEnd channel;
    /** What the backlog holds of items that have been handed to the channel; about as much as waits there. */
    private long taken;

    private final Deque<Call> postponed = new ArrayDeque<>();
    private Pause pause = Pause.NONE;
    /** What is sent instead of what the node answers to these calls: only their place among the others is the node's. */
    private final Map<Integer, Answer> tokens = new HashMap<>();

    private @Nullable SessionHandle handle;
    private int outstanding;
    private long writes;
    private boolean heard = true;
    private boolean over;

    /** Why calls are postponed. */
    private enum Pause {
        NONE,
        /** The whole ensemble gets to know the session. */
        UPGRADING,
        /** The client logs in. */
        PROVING
    }

    /**
     * What all connections share.
     *
     * @param channel the node's name for this connection
     */
    record Surroundings(
            Frontend frontend, ActorPortSettings settings, Backlog.Total total, long channel, List<String> nodes) {}

    private ConnectionActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Surroundings around,
            Open open,
            Identification.Client client) {
        super(context);
        context.setLoggerName(ConnectionActor.class);
        this.around = around;
        this.open = open;
        this.client = client;
        this.asks = new AskTranslation(around.settings());
        this.backlog = new Backlog(around.total(), this::hasRoomAgain);
        String host = open.client().path().address().getHost().orElse("local");
        this.sink = new ActorSink(context.getSelf(), backlog, around.settings().audit(), new Audited(host, client));
        this.channel = new ChannelEnd(
                new ChannelEnd.Wire() {
                    @Override
                    public void block(long sequence, long received, byte[] bytes, boolean more) {
                        open.client().tell(new Block(open.attempt(), sequence, received, bytes, more));
                    }

                    @Override
                    public void ack(long received) {
                        open.client().tell(new Ack(open.attempt(), received));
                    }
                },
                Math.max(around.settings().maxRequestBytes(), Coordinator.MOST_WATCH_BYTES));
        int timeout = around.settings().clampTimeout(open.timeoutMillis());
        timers.startTimerWithFixedDelay(Timer.SILENCE, Timer.SILENCE, Duration.ofMillis(timeout));
        around.frontend()
                .connect(
                        new Connect(
                                open.sessionId(),
                                open.password(),
                                timeout,
                                open.lastZxidSeen(),
                                client.identities(),
                                false),
                        sink);
    }

    /** In any thread. */
    private void hasRoomAgain() {
        around.frontend().resume(sink);
    }

    private record Audited(String address, Identification.Client client) implements Audit.Client {
        @Override
        public List<Identity> identities() {
            return client.identities();
        }
    }

    /** A connection that asks for its session at once; or none, where the client proves nothing. */
    static Behavior<Command> create(Surroundings around, Open open, Identification.Client client) {
        for (Proof proof : open.proofs()) {
            if (!client.prove(proof.scheme(), proof.data())) {
                open.client().tell(new Refused(open.attempt(), Refusal.AUTH_FAILED, "scheme " + proof.scheme()));
                return Behaviors.stopped();
            }
        }
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ConnectionActor(context, timers, around, open, client)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(FromClient.class, this::onClient)
                .onMessage(FromNode.class, this::onNode)
                .onMessage(Proven.class, this::onProven)
                .onMessage(Turn.class, turn -> {
                    turn.work().run();
                    return this;
                })
                .onMessageEquals(Timer.SILENCE, this::onSilence)
                .onSignal(PostStop.class, stop -> onStop())
                .build();
    }

    // ---- what the client sends ----

    private Behavior<Command> onClient(FromClient message) {
        heard = true;
        Coordinator.ToNode sent = message.message();
        if (sent instanceof Block block) {
            return onBlock(block);
        } else if (sent instanceof Ack ack) {
            channel.acknowledged(ack.received());
            settle();
            return next();
        } else if (sent instanceof Reset) {
            getContext().getLog().debug("client {}: has given its connection up", open.client());
            return Behaviors.stopped();
        }
        return this;
    }

    private Behavior<Command> onBlock(Block block) {
        ChannelEnd.Receipt receipt = channel.receive(block.sequence(), block.received(), block.bytes(), block.more());
        settle();
        if (receipt instanceof ChannelEnd.Receipt.Broken broken) {
            getContext().getLog().info("client {}: its connection is broken: {}", open.client(), broken.why());
            open.client().tell(new Reset(open.attempt()));
            return Behaviors.stopped();
        }
        if (over || !(receipt instanceof ChannelEnd.Receipt.Whole whole)) {
            return next();
        }
        try {
            return take(WireCodec.calls(whole.bytes()));
        } catch (IOException e) {
            return mistake("sent what is no call (" + e.getMessage() + ")");
        }
    }

    private Behavior<Command> take(List<Call> calls) {
        List<ClientRequest> burst = new ArrayList<>();
        for (Call call : calls) {
            if (++outstanding > ActorPortSettings.MAX_OUTSTANDING) {
                return mistake("has more than " + ActorPortSettings.MAX_OUTSTANDING + " calls unanswered");
            }
            if (AskTranslation.bytes(call.ask()) > around.settings().maxRequestBytes()) {
                return mistake("sent a call of more than " + around.settings().maxRequestBytes() + " bytes");
            }
            if (pause != Pause.NONE) {
                postponed.add(call);
            } else {
                request(call).ifPresent(burst::add);
            }
        }
        if (!burst.isEmpty()) {
            around.frontend().submit(burst);
        }
        return this;
    }

    /** What was postponed has been counted already. */
    private void takePostponed() {
        pause = Pause.NONE;
        List<Call> waited = List.copyOf(postponed);
        postponed.clear();
        outstanding -= waited.size();
        take(waited);
    }

    /** Empty where something must be done first. */
    private Optional<ClientRequest> request(Call call) {
        Ask ask = call.ask();
        if (ask instanceof Ask.AddAuth auth) {
            return Optional.of(proof(call, auth));
        }
        if (ask instanceof Ask.Sasl sasl) {
            pause = Pause.PROVING;
            ActorRef<Command> self = getContext().getSelf();
            client.sasl(sasl.token(), work -> self.tell(new Turn(work)), step -> self.tell(new Proven(call, step)));
            return Optional.empty();
        }
        if (!client.suffices()) {
            return Optional.of(read(call, new ReadOperation.Refused(ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH)));
        }
        Operation write = asks.write(ask, client);
        if (write == null) {
            return Optional.of(read(call, asks.read(ask, client)));
        }
        if (!handle().replicated() && write instanceof Operation.CloseSession) {
            return Optional.of(read(call, new ReadOperation.CloseUnreplicated()));
        }
        if (!handle().replicated() && around.settings().localSessionsUpgrade() && createsEphemeral(write)) {
            pause = Pause.UPGRADING;
            postponed.add(call);
            around.frontend().upgrade(handle(), around.settings().clampTimeout(open.timeoutMillis()));
            return Optional.empty();
        }
        writes++;
        return Optional.of(new ClientRequest.Write(handle(), call.xid(), client.identities(), write));
    }

    private static boolean createsEphemeral(Operation operation) {
        return operation instanceof Operation.Multi multi
                ? multi.ops().stream().anyMatch(ConnectionActor::createsEphemeral)
                : operation instanceof Operation.Create create && create.mode().ephemeral();
    }

    private ClientRequest proof(Call call, Ask.AddAuth auth) {
        if (!client.prove(auth.scheme(), auth.data())) {
            return read(call, new ReadOperation.Refused(ErrorCode.AUTH_FAILED));
        }
        around.frontend().identified(handle(), client.identities());
        return read(call, new ReadOperation.Ping());
    }

    private Behavior<Command> onProven(Proven proven) {
        if (over) {
            return this;
        }
        ReadOperation answer = new ReadOperation.Ping();
        if (proven.step() instanceof Identification.SaslStep.Accepted accepted) {
            around.frontend().identified(handle(), client.identities());
            tokens.put(proven.call().xid(), new Answer.SaslToken(accepted.token()));
        } else if (proven.step() instanceof Identification.SaslStep.Refused refused) {
            getContext().getLog().info("client {}: {}", open.client(), refused.reason());
            answer = new ReadOperation.Refused(refused.error());
        }
        around.frontend().submit(List.of(read(proven.call(), answer)));
        takePostponed();
        return next();
    }

    private ClientRequest read(Call call, ReadOperation operation) {
        return new ClientRequest.Read(handle(), call.xid(), writes, client.identities(), operation);
    }

    private SessionHandle handle() {
        if (handle == null) {
            throw new IllegalStateException("a call before the session is open");
        }
        return handle;
    }

    // ---- what the node delivers ----

    private Behavior<Command> onNode(FromNode message) {
        for (Delivered delivered : message.burst()) {
            if (delivered instanceof Connected connected) {
                onConnected(connected);
            } else if (delivered instanceof Replied reply) {
                outstanding--;
                Answer token = tokens.remove(reply.xid());
                Answer answer = token != null && reply.result() instanceof Result.Done
                        ? token
                        : AnswerTranslation.of(reply.result(), client);
                send(reply, new Delivery.Reply(reply.xid(), reply.zxid(), answer));
            } else if (delivered instanceof Fired fired) {
                send(
                        fired,
                        new Delivery.Fired(
                                fired.event().type().code(), fired.event().path(), fired.zxid()));
            } else if (delivered instanceof Over end && onOver(end.reason())) {
                return Behaviors.stopped();
            }
        }
        channel.flush();
        settle();
        return next();
    }

    private void send(Delivered delivered, Delivery delivery) {
        taken += delivered.bytes();
        channel.offer(WireCodec.encode(delivery));
    }

    /** Gives the node room back as the client takes what it is due. */
    private void settle() {
        long sent = taken - channel.queuedBytes();
        if (sent > 0) {
            backlog.remove(sent);
            taken -= sent;
        }
    }

    private void onConnected(Connected connected) {
        handle = connected.handle();
        if (pause == Pause.UPGRADING) {
            takePostponed();
            return;
        }
        long id = connected.handle().sessionId();
        open.client()
                .tell(new Opened(
                        Coordinator.VERSION,
                        open.attempt(),
                        around.channel(),
                        id,
                        SessionPassword.of(id),
                        connected.timeoutMillis(),
                        around.settings().maxRequestBytes(),
                        ActorPortSettings.MAX_OUTSTANDING,
                        around.frontend().status().nodeId(),
                        around.nodes()));
    }

    /** Whether there is nothing more to send. */
    private boolean onOver(SessionSink.End reason) {
        over = true;
        if (handle == null) {
            Refusal refusal = switch (reason) {
                case CLIENT_AHEAD -> Refusal.CLIENT_AHEAD;
                case EXPIRED -> Refusal.EXPIRED;
                default -> Refusal.NOT_SERVING;
            };
            open.client().tell(new Refused(open.attempt(), refusal, reason.name()));
            return true;
        }
        // Behind what is due already.
        channel.offer(WireCodec.encode(new Delivery.Ended(
                switch (reason) {
                    case CLOSED -> Delivery.End.CLOSED;
                    case EXPIRED -> Delivery.End.EXPIRED;
                    case MOVED -> Delivery.End.MOVED;
                    case UNREAD -> Delivery.End.UNREAD;
                    default -> Delivery.End.STOPPING;
                })));
        return false;
    }

    // ---- the end ----

    private Behavior<Command> mistake(String what) {
        getContext().getLog().warn("client {}: {}; its connection is closed", open.client(), what);
        over = true;
        channel.offer(WireCodec.encode(new Delivery.Ended(Delivery.End.MISTAKE)));
        channel.flush();
        return next();
    }

    private Behavior<Command> next() {
        return over && channel.queuedBytes() == 0 ? Behaviors.stopped() : this;
    }

    private Behavior<Command> onSilence() {
        if (heard) {
            heard = false;
            return this;
        }
        getContext().getLog().info("client {}: was not heard of for the time of its session", open.client());
        channel.offer(WireCodec.encode(new Delivery.Ended(Delivery.End.SILENT)));
        channel.flush();
        return Behaviors.stopped();
    }

    private Behavior<Command> onStop() {
        around.frontend().disconnected(sink);
        if (!over) {
            // Where the node stops its clients need not wait until they miss it.
            open.client().tell(new Reset(open.attempt()));
        }
        backlog.remove(backlog.bytes());
        return this;
    }
}
