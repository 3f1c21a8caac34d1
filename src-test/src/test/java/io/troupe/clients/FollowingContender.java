package io.troupe.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.japi.Pair;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Event;
import io.troupe.client.Session;
import io.troupe.client.SessionSettings;
import io.troupe.client.Watch;
import io.troupe.client.WatchMode;
import io.troupe.recipes.LeaderElection;
import io.troupe.recipes.Lease;
import io.troupe.recipes.Lock;
import io.troupe.recipes.Recipes;
import io.troupe.recipes.Standing;
import io.troupe.request.CreateMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An application that takes a mutex, leads, changes a znode and follows its changes, in one session after the other, and says each of
 * these. What it does alone it does in a {@link CriticalSection}. Its arguments are the address it listens at, a directory for the
 * sections, and the nodes' places; a line makes it change nothing more, another ends it.
 */
public final class FollowingContender {
    static final String TURN = "turn";
    static final String LEADS = "leads";
    static final String WATCHES = "watches since ";
    static final String PUBLISHED = "published ";
    static final String CHANGED = "changed ";
    static final String GAP = "gap ";
    static final String STATE = "session is ";
    static final String EXPIRED = STATE + "EXPIRED";
    static final String FAILED = "FAILED ";
    static final String QUIET = "changes nothing more";

    private static final String MUTEX = "/cut/mutex";
    private static final String LEAD = "/cut/lead";
    private static final String FEED = "/feed";
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final Duration PACE = Duration.ofMillis(50);
    private static final Duration LEADS_FOR = Duration.ofSeconds(1);

    private final ActorSystem<Void> system;
    private final CoordinatorClient client;
    private final CriticalSection mutexSection;
    private final CriticalSection leadSection;
    private volatile boolean quiet;

    private FollowingContender(String address, Path directory, List<String> places) {
        system = ActorSystem.create(
                Behaviors.empty(),
                "contender",
                ConfigFactory.parseString("""
                akka.actor.provider = remote
                akka.remote.artery.canonical { hostname = "%s", port = 0 }
                akka.remote.warn-about-direct-use = off
                """.formatted(address)).withFallback(ConfigFactory.load()));
        client = CoordinatorClient.create(system, places);
        mutexSection = new CriticalSection(directory.resolve("mutex"));
        leadSection = new CriticalSection(directory.resolve("lead"));
        open();
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private void later(Duration time, Runnable action) {
        system.scheduler().scheduleOnce(time, action, system.executionContext());
    }

    /** For what only a bug can make go wrong. */
    private void alone(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            say(FAILED + e);
        }
    }

    private void open() {
        CompletionStage<Session> opening = client.open(SessionSettings.DEFAULT.withTimeout(TIMEOUT));
        opening.whenComplete((session, failure) -> {
            if (failure != null) {
                later(PACE, this::open);
                return;
            }
            session.onState(state -> {
                say(STATE + state);
                if (state.isFinal()) {
                    open();
                }
            });
            var recipes = Recipes.in(session, system);
            contend(session, recipes.mutex(MUTEX));
            stand(session, recipes);
            prepare(session);
        });
    }

    private static boolean lives(Session session) {
        return !session.state().isFinal();
    }

    // ---- what one has at a time ----

    private void contend(Session session, Lock mutex) {
        CompletionStage<Void> turn = mutex.whileHeld(
                lease -> CompletableFuture.runAsync(() -> alone(() -> inTurn(lease)), system.executionContext()));
        turn.whenComplete((done, failure) -> {
            if (lives(session)) {
                later(PACE, () -> contend(session, mutex));
            }
        });
    }

    private void inTurn(Lease lease) {
        if (lease.isHeld()) {
            mutexSection.pass(lease.token());
            say(TURN);
        }
    }

    private void stand(Session session, Recipes recipes) {
        LeaderElection election = recipes.leaderElection(LEAD, "contender");
        election.onChange(standing -> {
            if (standing instanceof Standing.Granted granted) {
                system.executionContext().execute(() -> lead(election, granted.lease(), LEADS_FOR));
            } else if (standing instanceof Standing.Ended && lives(session)) {
                later(PACE, () -> stand(session, recipes));
            }
        });
    }

    private void lead(LeaderElection election, Lease lease, Duration left) {
        if (left.isNegative() || !lease.isHeld()) {
            // Also where the lead is lost: the next candidacy shows whether it is.
            election.close();
            return;
        }
        alone(() -> leadSection.passAgain(lease.token()));
        say(LEADS);
        later(PACE, () -> lead(election, lease, left.minus(PACE)));
    }

    // ---- what all follow ----

    private void prepare(Session session) {
        CompletionStage<?> made = session.create(FEED, CreateMode.PERSISTENT);
        made.whenComplete((created, failure) -> {
            CompletionStage<Boolean> there = session.exists(FEED).thenApply(stat -> stat.isPresent());
            there.whenComplete((present, unknown) -> {
                if (unknown == null && present) {
                    watch(session);
                    publish(session);
                } else if (lives(session)) {
                    later(PACE, () -> prepare(session));
                }
            });
        });
    }

    private void watch(Session session) {
        Pair<Watch, CompletionStage<Done>> running = session.watch(FEED, WatchMode.NODE)
                .toMat(Sink.foreach(FollowingContender::tell), Keep.both())
                .run(system);
        running.first()
                .established()
                .thenCompose(done -> session.getData(FEED))
                .thenAccept(data -> say(WATCHES + data.stat().mzxid()));
    }

    private static void tell(Event event) {
        if (event instanceof Event.Change change) {
            say(CHANGED + change.zxid());
        } else if (event instanceof Event.Gap gap) {
            say(GAP + gap.after() + " " + gap.upTo());
        }
    }

    private void publish(Session session) {
        if (quiet) {
            say(QUIET);
            return;
        }
        CompletionStage<Long> published =
                session.setData(FEED, "news".getBytes(UTF_8)).thenApply(stat -> stat.mzxid());
        published.whenComplete((zxid, failure) -> {
            if (failure == null) {
                say(PUBLISHED + zxid);
            }
            if (lives(session)) {
                later(PACE, () -> publish(session));
            }
        });
    }

    public static void main(String[] arguments) throws IOException {
        var contender = new FollowingContender(
                arguments[0], Path.of(arguments[1]), List.of(arguments).subList(2, arguments.length));
        while (System.in.read() != '\n') {
            // The rest of the line.
        }
        contender.quiet = true;
        while (System.in.read() != '\n') {
            // The rest of the line.
        }
        contender.system.terminate();
    }
}
