package io.troupe.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.PeerTransport;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Peers over Akka remoting. A peer's actor is addressed by node and name, never by a reference that came in a message, so that
 * the address holds for every incarnation of the peer. The receiving actors carry these names below {@code /user}.
 */
final class ArteryTransport implements PeerTransport {
    private record Target(int nodeId, Recipient recipient) {}

    private final ActorRefResolver resolver;
    private final Map<Integer, String> addresses = new ConcurrentHashMap<>();
    private final Map<Target, ActorRef<WireMessage>> resolved = new ConcurrentHashMap<>();

    ArteryTransport(ActorSystem<?> system) {
        this.resolver = ActorRefResolver.get(system);
    }

    @Override
    public void address(int nodeId, String host, int port) {
        String address = base(host, port);
        if (!address.equals(addresses.put(nodeId, address))) {
            resolved.keySet().removeIf(target -> target.nodeId() == nodeId);
        }
    }

    @Override
    public void receiver(Recipient recipient, ActorRef<? extends Object> actor) {
        // Artery finds it by its name.
    }

    @Override
    public void send(String host, int port, Recipient recipient, WireMessage message) {
        resolve(base(host, port), recipient).tell(message);
    }

    private static String base(String host, int port) {
        return "akka://%s@%s:%d".formatted(NodeRunner.SYSTEM, host, port);
    }

    private ActorRef<WireMessage> resolve(String base, Recipient recipient) {
        return resolver.resolveActorRef(base + "/user/" + recipient.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void send(int nodeId, Recipient recipient, WireMessage message) {
        String address = addresses.get(nodeId);
        if (address != null) {
            resolved.computeIfAbsent(new Target(nodeId, recipient), target -> resolve(address, target.recipient()))
                    .tell(message);
        }
    }
}
