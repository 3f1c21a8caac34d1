package io.troupe.nemesis;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does one fault after the other, chosen by a seed, and waits after each until the ensemble is whole again. Servers are
 * signalled, started and stopped here and nowhere else. Not thread safe.
 */
final class Nemesis {
    /** How long a fault that can be held is held: longer than the suspicion of a hung peer, some of them longer than a session. */
    private static final int SHORTEST_HOLD_SECONDS = 4;

    private static final int LONGEST_HOLD_SECONDS = 10;
    /** For a host with far more to do than these servers: how fast a recovery is, the outages say. */
    private static final Duration RECOVERY = Duration.ofMinutes(3);

    private final EnsembleProcesses ensemble;
    private final @Nullable NetworkLab lab;
    private final @Nullable SmallDisk disk;
    private final int sessionSeconds;
    private final Random random;
    private final Journal journal;
    private final OutageMeter outages;
    private final CountDownLatch never = new CountDownLatch(1);
    private final Set<Integer> mayHaveEnded = new HashSet<>();

    /**
     * @param lab absent where there are no namespaces
     * @param disk of the last server, absent where none could be mounted
     * @param sessionSeconds timeout of the clients' sessions
     */
    Nemesis(
            EnsembleProcesses ensemble,
            @Nullable NetworkLab lab,
            @Nullable SmallDisk disk,
            int sessionSeconds,
            long seed,
            Journal journal,
            OutageMeter outages) {
        this.ensemble = ensemble;
        this.lab = lab;
        this.disk = disk;
        this.sessionSeconds = sessionSeconds;
        this.random = new Random(seed);
        this.journal = journal;
        this.outages = outages;
    }

    /** Each of these kinds once, in an order of chance. */
    List<FaultKind> shuffled(List<FaultKind> kinds) {
        var shuffled = new ArrayList<>(kinds);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    /** Does a fault, ends it, and waits until every server serves and writes go on. */
    void strike(int number, FaultKind kind) throws InterruptedException {
        mayHaveEnded.clear();
        outages.fault(Optional.of(kind));
        var began = System.nanoTime();
        var what = inflict(kind);
        if (lab != null) {
            lab.heal();
        }
        var healed = System.nanoTime();
        recover(kind);
        pause(1.0);
        var outage = outages.fault(Optional.empty());
        journal.say(String.format(
                Locale.ROOT,
                "#%d %s: %s; lasted %.1f s, all served %.1f s later, longest outage %.2f s",
                number,
                kind,
                what,
                (healed - began) / 1e9,
                (System.nanoTime() - healed) / 1e9 - 1,
                outage / 1e9));
    }

    private String inflict(FaultKind kind) throws InterruptedException {
        return switch (kind) {
            case KILL -> kill();
            case PAUSE -> pauseOne();
            case RESTART_STORM -> storm();
            case ROLLING_RESTART -> rollingRestart();
            case DISK_FULL -> fillDisk();
            case ONE_WAY, TWO_WAY, RING, LEADER_WITH_CLIENTS -> partition(kind, network());
            case LOSS, NARROW, DELAY -> disturb(kind, network());
        };
    }

    private String kill() throws InterruptedException {
        var victims = random.nextInt(5) == 0 ? ensemble.servers() : List.of(any());
        var words = "of " + described(victims);
        victims.forEach(ServerProcess::kill);
        pause(random.nextInt(3000) / 1000.0);
        victims.forEach(ServerProcess::start);
        return words;
    }

    private String pauseOne() throws InterruptedException {
        var victim = any();
        var words = "of " + described(List.of(victim));
        victim.pause();
        pause(sessionSeconds * 1.5);
        victim.resume();
        return words;
    }

    /** Servers are killed and started, faster than they can recover; now and then there is no quorum. */
    private String storm() throws InterruptedException {
        var restarts = 5 + random.nextInt(4);
        for (var restart = 0; restart < restarts; restart++) {
            var victim = anyServer();
            victim.kill();
            pause(random.nextInt(500) / 1000.0);
            victim.start();
            pause(random.nextInt(1500) / 1000.0);
        }
        return restarts + " restarts";
    }

    private String rollingRestart() throws InterruptedException {
        for (var server : ensemble.servers()) {
            var status = server.terminate();
            if (status != 0 && status != 143) {
                journal.finding("exit status", "server " + server.id() + " ended with " + status + " on SIGTERM");
            }
            server.start();
            recover(FaultKind.ROLLING_RESTART);
        }
        return "of all servers";
    }

    private String fillDisk() throws InterruptedException {
        if (disk == null) {
            throw new IllegalStateException("no small disk");
        }
        var victim = ensemble.servers().get(ensemble.servers().size() - 1);
        mayHaveEnded.add(victim.id());
        var words = described(List.of(victim));
        var taken = disk.fill();
        pause(hold() + 3);
        var ended = victim.isAlive() ? "it runs" : "it ended with status " + victim.awaitExit();
        disk.free();
        return "of " + words + ", " + taken / 1024 + " KiB; " + ended;
    }

    private String partition(FaultKind kind, NetworkLab network) throws InterruptedException {
        var leader = leaderOrAny();
        var others = ensemble.servers().stream()
                .filter(server -> server.id() != leader.id())
                .toList();
        var words = switch (kind) {
            case ONE_WAY -> oneWay(network, leader, others);
            case TWO_WAY -> minority(network);
            case RING -> ring(network);
            case LEADER_WITH_CLIENTS -> {
                others.forEach(other -> network.cutBoth(leader.id(), other.id()));
                yield "leader " + leader.id() + " from all servers";
            }
            default -> throw new IllegalArgumentException(kind + " is no partition");
        };
        pause(hold());
        return words;
    }

    private String oneWay(NetworkLab network, ServerProcess leader, List<ServerProcess> others) {
        switch (random.nextInt(3)) {
            case 0 -> {
                others.forEach(other -> network.cut(leader.id(), other.id()));
                return "nothing from leader " + leader.id() + " to the others";
            }
            case 1 -> {
                others.forEach(other -> network.cut(other.id(), leader.id()));
                return "nothing from the others to leader " + leader.id();
            }
            default -> {
                var other = others.get(random.nextInt(others.size()));
                network.cut(other.id(), leader.id());
                return "nothing from follower " + other.id() + " to leader " + leader.id();
            }
        }
    }

    /** Less than half of the servers lose the others and the clients. */
    private String minority(NetworkLab network) {
        var shuffled = new ArrayList<>(ensemble.servers());
        Collections.shuffle(shuffled, random);
        var size = (shuffled.size() - 1) / 2;
        var cutOff = shuffled.subList(0, size);
        for (var server : cutOff) {
            network.cutFromClients(server.id());
            shuffled.subList(size, shuffled.size()).forEach(other -> network.cutBoth(server.id(), other.id()));
        }
        return described(cutOff) + " from servers and clients";
    }

    /** Every server reaches a majority, and no two of them the same. Of three servers, two lose each other. */
    private String ring(NetworkLab network) {
        var shuffled = new ArrayList<>(ensemble.servers());
        Collections.shuffle(shuffled, random);
        var size = shuffled.size();
        var reach = size / 4;
        if (reach == 0) {
            network.cutBoth(shuffled.get(0).id(), shuffled.get(1).id());
            return "between " + described(shuffled.subList(0, 2));
        }
        for (var one = 0; one < size; one++) {
            for (var other = one + 1; other < size; other++) {
                var distance = Math.min(other - one, size - other + one);
                if (distance > reach) {
                    network.cutBoth(shuffled.get(one).id(), shuffled.get(other).id());
                }
            }
        }
        return "in the order " + shuffled.stream().map(ServerProcess::id).toList();
    }

    private String disturb(FaultKind kind, NetworkLab network) throws InterruptedException {
        var share = 2 + random.nextInt(14);
        var kilobits = 150 + random.nextInt(600);
        var millis = 10 + random.nextInt(90);
        var victims = random.nextBoolean() ? ensemble.servers() : List.of(leaderOrAny());
        for (var server : victims) {
            var result = switch (kind) {
                case LOSS -> network.lose(server.id(), share / 100.0);
                case NARROW -> network.narrow(server.id(), kilobits);
                default -> network.delay(server.id(), millis, share / 2);
            };
            if (!result.succeeded()) {
                throw new IllegalStateException(kind + ": " + result.output());
            }
        }
        var how = switch (kind) {
            case LOSS -> share + " % both ways";
            case NARROW -> kilobits + " kbit/s";
            default -> millis + " ms and " + share / 2 + " %";
        };
        var words = how + " at " + described(victims);
        pause(hold());
        return words;
    }

    private void recover(FaultKind kind) throws InterruptedException {
        var began = System.nanoTime();
        while (!allServe()) {
            for (var server : ensemble.servers()) {
                if (!server.isAlive()) {
                    startAgain(server, kind);
                }
            }
            if (System.nanoTime() - began > RECOVERY.toNanos()) {
                journal.finding(
                        "no recovery",
                        "from " + kind + " within " + RECOVERY.toSeconds() + " s: "
                                + ensemble.servers().stream()
                                        .map(server -> server.id() + " "
                                                + server.mode().orElse("does not serve"))
                                        .toList());
                return;
            }
            pause(0.1);
        }
    }

    /** Only a full disk may end a server. */
    private void startAgain(ServerProcess server, FaultKind kind) {
        var status = server.awaitExit();
        if (!mayHaveEnded.contains(server.id())) {
            journal.finding("server ended", server.id() + " during " + kind + " with status " + status);
        }
        server.start();
    }

    private boolean allServe() {
        return ensemble.servers().stream().allMatch(server -> server.mode().isPresent())
                && ensemble.leader().isPresent();
    }

    private NetworkLab network() {
        if (lab == null) {
            throw new IllegalStateException("no namespaces");
        }
        return lab;
    }

    /** The leader as often as all others together. */
    private ServerProcess any() {
        return random.nextBoolean() ? leaderOrAny() : anyServer();
    }

    private ServerProcess anyServer() {
        return ensemble.servers().get(random.nextInt(ensemble.servers().size()));
    }

    private ServerProcess leaderOrAny() {
        var one = anyServer();
        return ensemble.leader().orElse(one);
    }

    private String described(List<ServerProcess> servers) {
        var leader = ensemble.leader().map(ServerProcess::id).orElse(0);
        return String.join(
                ", ",
                servers.stream()
                        .map(server -> (server.id() == leader ? "leader " : "follower ") + server.id())
                        .toList());
    }

    private int hold() {
        return SHORTEST_HOLD_SECONDS + random.nextInt(LONGEST_HOLD_SECONDS - SHORTEST_HOLD_SECONDS + 1);
    }

    /** Faults last by the clock: what is awaited is time itself. */
    private void pause(double seconds) throws InterruptedException {
        var unused = never.await((long) (seconds * 1000), TimeUnit.MILLISECONDS);
    }
}
