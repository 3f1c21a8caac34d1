package io.troupe.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.nemesis.LabProgram;
import io.troupe.nemesis.NetworkLab;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerAddress;
import io.troupe.process.ServerProcess;
import io.troupe.process.ServerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What {@link CutOffApplicationsTest} runs inside of its network, in the clients' namespace: servers in their places, an application in each of
 * the two places behind them, and what befalls them. The name of the network is its argument.
 */
public final class CutOffApplicationsMain {
    static final int SERVERS = 3;
    /** Servers' places, and applications'. */
    static final int PLACES = 5;

    private static final int SOME = 5;

    private final NetworkLab lab;
    private final EnsembleProcesses ensemble;
    private final Application one;
    private final Application other;

    /** An application and the place of the network that it is in. */
    private record Application(int place, ForeignProgram program) {
        long said(String line) {
            return program.said().stream().filter(line::equals).count();
        }

        List<Long> numbers(String mark) {
            return program.said().stream()
                    .filter(line -> line.startsWith(mark))
                    .map(line -> Long.valueOf(line.substring(mark.length())))
                    .toList();
        }

        @Override
        public String toString() {
            return "the application in place " + place;
        }
    }

    private CutOffApplicationsMain(NetworkLab lab, EnsembleProcesses ensemble, Application one, Application other) {
        this.lab = lab;
        this.ensemble = ensemble;
        this.one = one;
        this.other = other;
    }

    public static void main(String[] arguments) throws IOException {
        var lab = new NetworkLab(arguments[0], PLACES);
        var root = Files.createDirectories(Path.of("target", "ensembles").toAbsolutePath());
        var home = Files.createTempDirectory(root, "applications-");
        var addresses = LabProgram.addresses(SERVERS, id -> home.resolve("server-" + id));
        var program = new LabProgram(ServerProgram.selected(), lab);
        try (var ensemble = EnsembleProcesses.prepare(program, home, addresses)) {
            ensemble.startAll();
            try (var one = ForeignProgram.start("cut-off-1", command(lab, SERVERS + 1, home, addresses));
                    var other = ForeignProgram.start("cut-off-2", command(lab, SERVERS + 2, home, addresses))) {
                new CutOffApplicationsMain(
                                lab, ensemble, new Application(SERVERS + 1, one), new Application(SERVERS + 2, other))
                        .run();
            }
        }
    }

    private static List<String> command(NetworkLab lab, int place, Path home, List<ServerAddress> addresses) {
        var command = new ArrayList<>(NetworkLab.inside(lab.server(place)));
        command.addAll(ForeignProgram.java("128m"));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                FollowingContender.class.getName(),
                NetworkLab.address(place),
                home.toString()));
        addresses.forEach(address -> command.add(address.host() + ":" + address.peerPort()));
        return command;
    }

    private void run() {
        awaitProgress(one, other);
        for (ServerProcess server : ensemble.servers()) {
            server.kill();
            awaitProgress(one, other);
            server.start();
            ensemble.awaitAllServing();
        }
        cutOffTheLeader();
        leaveOneOut();
        cutFromTheLeader();
        end();
    }

    private void step(String what) {
        System.out.println(what);
    }

    /** Both take turns, lead and hear news. */
    private void awaitProgress(Application... applications) {
        for (var application : applications) {
            for (var mark : List.of(FollowingContender.TURN, FollowingContender.LEADS)) {
                var enough = application.said(mark) + SOME;
                await(application + " says '" + mark + "'")
                        .atMost(EnsembleProcesses.PATIENCE)
                        .until(() -> application.said(mark) >= enough);
            }
        }
    }

    private void cutOffTheLeader() {
        var leader = ensemble.awaitLeader();
        step("server " + leader.id() + ", which leads, is cut off from the others");
        ensemble.servers().stream()
                .filter(server -> server != leader)
                .forEach(server -> lab.cutBoth(leader.id(), server.id()));
        awaitProgress(one, other);
        lab.heal();
        ensemble.awaitAllServing();
        awaitProgress(one, other);
    }

    private void leaveOneOut() {
        step(one + " is cut off from all servers, until its session is over");
        var published = one.numbers(FollowingContender.PUBLISHED).size();
        var expired = one.said(FollowingContender.EXPIRED);
        ensemble.servers().forEach(server -> lab.cutBoth(one.place(), server.id()));
        await("the session of " + one + " ends")
                .atMost(EnsembleProcesses.PATIENCE)
                .ignoreException(IOException.class)
                .until(() -> "1".equals(ensemble.server(1).monitor().get("zk_global_sessions")));
        awaitProgress(other);
        lab.heal();
        await(one + " hears that its session is over")
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> one.said(FollowingContender.EXPIRED) > expired);
        awaitProgress(one, other);
        assertThat(one.numbers(FollowingContender.PUBLISHED)).hasSizeGreaterThan(published);
    }

    private void cutFromTheLeader() {
        var leader = ensemble.awaitLeader();
        step(other + " is cut off from server " + leader.id() + ", which leads and is killed then");
        lab.cutBoth(other.place(), leader.id());
        awaitProgress(one, other);
        leader.kill();
        awaitProgress(one, other);
        lab.heal();
        leader.start();
        ensemble.awaitAllServing();
        awaitProgress(one, other);
    }

    /** Nothing more is changed; each has heard of each change since it has watched, and has never been where another was. */
    private void end() {
        List.of(one, other).forEach(each -> each.program().tell("quiet"));
        List.of(one, other).forEach(each -> each.program().awaitLine(FollowingContender.QUIET));
        var published = new TreeSet<>(one.numbers(FollowingContender.PUBLISHED));
        published.addAll(other.numbers(FollowingContender.PUBLISHED));
        for (var each : List.of(one, other)) {
            await(each + " hears of the last change")
                    .atMost(EnsembleProcesses.PATIENCE)
                    .until(() -> Hearsay.of(each.program().said()).knows(published.last()));
            each.program().tell("enough");
            assertThat(each.program().awaitExit(EnsembleProcesses.PATIENCE)).isZero();
            var said = each.program().said();
            assertThat(said).noneMatch(line -> line.startsWith(FollowingContender.FAILED));
            assertThat(Hearsay.of(said).missed(published))
                    .as("changes that %s was not told of", each)
                    .isEmpty();
            assertThat(each.numbers(FollowingContender.CHANGED))
                    .as("changes told to %s", each)
                    .hasSizeGreaterThan(SOME)
                    .doesNotHaveDuplicates()
                    .isSorted();
        }
        step("both were told of all of " + published.size() + " changes");
    }
}
