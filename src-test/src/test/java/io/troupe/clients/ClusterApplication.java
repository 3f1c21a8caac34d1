package io.troupe.clients;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent.MemberEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.Down;
import akka.cluster.typed.SingletonActor;
import akka.cluster.typed.Subscribe;
import akka.coordination.lease.javadsl.LeaseProvider;
import com.typesafe.config.Config;
import io.troupe.akka.TroupeLease;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;

/**
 * An Akka application of several processes: one member of its cluster, with a singleton if {@code use-lease} is configured. It says who is up and
 * who is downed, and when its singleton starts and stops, and downs whom it is told.
 */
public final class ClusterApplication {
    static final String SYSTEM = "app";
    static final String UP = "up: ";
    static final String DOWN = "down: ";
    static final String STARTS = "singleton starts";
    static final String STOPS = "singleton stops";

    private ClusterApplication() {}

    public static void main(String[] arguments) throws IOException {
        ActorSystem<Void> system = ActorSystem.create(root(), SYSTEM);
        try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var host = input.readLine(); host != null; host = input.readLine()) {
                down(Cluster.get(system), host);
            }
        }
        system.terminate();
    }

    private static void down(Cluster cluster, String host) {
        for (Member member : cluster.state().getMembers()) {
            if (member.address().getHost().filter(host::equals).isPresent()) {
                cluster.manager().tell(new Down(member.address()));
            }
        }
    }

    private static Behavior<Void> root() {
        return Behaviors.<MemberEvent>setup(context -> {
                    var cluster = Cluster.get(context.getSystem());
                    cluster.subscriptions().tell(Subscribe.create(context.getSelf(), MemberEvent.class));
                    Config config = context.getSystem().settings().config();
                    if (!config.getString("akka.cluster.singleton.use-lease").isEmpty()) {
                        ClusterSingleton.get(context.getSystem()).init(SingletonActor.of(singleton(), "one"));
                    }
                    var up = new TreeSet<String>();
                    return Behaviors.receiveMessage(event -> {
                        var host = event.member().address().getHost().orElse("");
                        if (event.member().status() == MemberStatus.up()) {
                            up.add(host);
                        } else {
                            up.remove(host);
                        }
                        if (event.member().status() == MemberStatus.down()) {
                            say(DOWN + host);
                        }
                        say(UP + String.join(" ", up));
                        return Behaviors.same();
                    });
                })
                .unsafeCast();
    }

    /** Says the time of this host, which is the same for all processes here, and the token. */
    private static Behavior<Void> singleton() {
        return Behaviors.setup(context -> {
            var system = context.getSystem();
            // As Akka's singleton manager names it.
            var manager = context.getSelf().path().parent().toStringWithoutAddress();
            var lease = LeaseProvider.get(system)
                    .getLease(
                            SYSTEM + "-singleton-akka://" + SYSTEM + manager,
                            system.settings().config().getString("akka.cluster.singleton.use-lease"),
                            Cluster.get(system).selfMember().address().hostPort());
            say(STARTS + " " + System.nanoTime() + " "
                    + ((TroupeLease) lease).token().orElseThrow());
            return Behaviors.receive(Void.class)
                    .onSignal(PostStop.class, stop -> {
                        say(STOPS + " " + System.nanoTime());
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
