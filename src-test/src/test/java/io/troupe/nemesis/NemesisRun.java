package io.troupe.nemesis;

import io.troupe.nemesis.FaultKind.Need;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import io.troupe.process.ServerProgram;
import io.troupe.process.TroupeProgram;
import io.troupe.process.Tuning;
import io.troupe.process.ZooKeeperProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** One run: servers, clients, nemesis, audits and the block of counts at the end. */
final class NemesisRun {
    private static final int SESSION_SECONDS = 4;
    private static final int WINDOW_SECONDS = 20;
    private static final String BASE = "/nemesis";

    /** A log that must be extended every hundred writes, so that a full disk is noticed soon. */
    private static final Tuning TUNING = Tuning.TEST.with(List.of(
            "-Dtroupe.advanced.log.segment-size=4194304",
            "-Dtroupe.advanced.log.preallocate=16384",
            "-Dtroupe.advanced.log.room=32768"));

    private final NemesisOptions options;
    private final Path home;
    private final Journal journal;
    private final Map<Need, String> missing = new EnumMap<>(Need.class);
    private final @Nullable NetworkLab lab;

    private NemesisRun(NemesisOptions options, Path home) {
        this.options = options;
        this.home = home;
        this.journal = new Journal(home.resolve("nemesis.log"));
        this.lab = options.lab().isEmpty() ? null : new NetworkLab(options.lab(), options.servers());
    }

    /** Runs to the end; answers whether nothing was found. */
    static boolean of(NemesisOptions options) throws IOException, InterruptedException {
        var name = "run-"
                + DateTimeFormatter.ofPattern("MMdd-HHmmss", Locale.ROOT)
                        .format(LocalDateTime.now(ZoneId.systemDefault()))
                + "-seed-" + options.seed();
        var home = Files.createDirectories(
                Path.of("target", "nemesis").toAbsolutePath().resolve(name));
        var run = new NemesisRun(options, home);
        try (run.journal) {
            return run.run();
        }
    }

    private boolean run() throws IOException, InterruptedException {
        journal.say("nemesis of " + options.servers() + " servers, " + options.minutes() + " minutes, seed "
                + options.seed() + ", in " + home);
        var smallDisk = prepareHost();
        var ensemble = prepareEnsemble();
        try {
            ensemble.startAll();
            var clean = torment(ensemble, smallDisk);
            ensemble.servers().stream().filter(ServerProcess::isAlive).forEach(ServerProcess::kill);
            if (!clean) {
                keepData(ensemble);
            }
            return clean;
        } finally {
            ensemble.servers().stream().filter(ServerProcess::isAlive).forEach(ServerProcess::kill);
            if (smallDisk != null) {
                smallDisk.close();
            }
            ensemble.close();
        }
    }

    /** Finds out what this host lacks; answers the disk that can be filled, if there may be one. */
    private @Nullable SmallDisk prepareHost() {
        if (lab == null) {
            var why =
                    options.withoutNetwork().lines().collect(Collectors.joining(" ")) + "; " + Need.NAMESPACES.remedy();
            for (var need : List.of(Need.NAMESPACES, Need.LOSS, Need.NARROW, Need.DELAY, Need.SMALL_DISK)) {
                missing.put(need, why);
            }
            return null;
        }
        note(Need.LOSS, lab.lose(1, 0.01));
        note(Need.NARROW, lab.narrow(1, 1000));
        lab.heal();
        note(Need.DELAY, lab.delay(1, 1, 0));
        lab.heal();
        try {
            // The mount is seen by this process and those that it starts, and goes with them.
            return SmallDisk.mount(serverHome(options.servers()).resolve("data"));
        } catch (IOException notHere) {
            missing.put(Need.SMALL_DISK, notHere.getMessage() + "; " + Need.SMALL_DISK.remedy());
            return null;
        }
    }

    /** Closing an ensemble deletes its data: after a failure it is copied before. */
    private static void keepData(EnsembleProcesses ensemble) {
        for (var server : ensemble.servers()) {
            var data = server.address().dataDirectory().toString();
            Shell.run("cp", "-r", data, data + "-kept");
        }
    }

    private void note(Need need, Shell.Result result) {
        if (!result.succeeded()) {
            var why = result.output().lines().findFirst().orElse("status " + result.status());
            missing.put(need, why + "; " + need.remedy());
        }
    }

    private Path serverHome(int id) {
        return home.resolve("server-" + id);
    }

    private EnsembleProcesses prepareEnsemble() {
        ServerProgram program = options.program().equals("troupe")
                ? new TroupeProgram(TroupeProgram.packagedDistribution(), TUNING)
                : new ZooKeeperProgram(Tuning.TEST);
        if (lab == null) {
            return EnsembleProcesses.prepare(program, options.servers());
        }
        var addresses = LabProgram.addresses(options.servers(), this::serverHome);
        return EnsembleProcesses.prepare(new LabProgram(program, lab), home, addresses);
    }

    private boolean torment(EnsembleProcesses ensemble, @Nullable SmallDisk disk) throws InterruptedException {
        var outages = new OutageMeter(System.nanoTime());
        var nemesis = new Nemesis(ensemble, lab, disk, SESSION_SECONDS, options.seed(), journal, outages);
        try (var inspector = new Inspector(ensemble.connectString())) {
            inspector.make(BASE, "");
            inspector.make(BASE + "/live", "");
            var first = inspector.makeWindow(BASE + "/w0");
            outages.restart(System.nanoTime());
            try (var fleet = new ClientFleet(
                    ensemble, SESSION_SECONDS * 1000, options.seed(), new Shared(journal, outages), first)) {
                var auditor = new Auditor(ensemble, fleet, inspector, first, BASE, home, journal, WINDOW_SECONDS);
                auditor.start();
                var faults = strike(nemesis);
                fleet.stop();
                outages.acknowledged(System.nanoTime());
                auditEphemerals(fleet, inspector);
                var verdict = auditor.finish();
                auditDigests(ensemble);
                return report(verdict, outages, faults);
            }
        }
    }

    private int strike(Nemesis nemesis) throws InterruptedException {
        var possible = List.of(FaultKind.values()).stream()
                .filter(kind -> !missing.containsKey(kind.need()))
                .toList();
        var end = System.nanoTime() + (long) (options.minutes() * 60e9);
        var number = 0;
        Queue<FaultKind> round = new ArrayDeque<>();
        while (number < possible.size() || System.nanoTime() < end) {
            if (round.isEmpty()) {
                round.addAll(nemesis.shuffled(possible));
            }
            nemesis.strike(++number, round.remove());
        }
        return number;
    }

    /** What all clients tell. */
    private record Shared(Journal journal, OutageMeter outages) implements LoadClient.Observer {
        @Override
        public void acknowledged(long nanos) {
            outages.acknowledged(nanos);
        }

        @Override
        public void surprised(String kind, String details) {
            journal.finding(kind, details);
        }

        @Override
        public boolean lacksRoom() {
            return outages.isDuring(FaultKind.DISK_FULL);
        }

        @Override
        public String live() {
            return BASE + "/live";
        }
    }

    /** Ephemerals of living sessions are there, those of sessions that are over go away. */
    private void auditEphemerals(ClientFleet fleet, Inspector inspector) {
        var live = BASE + "/live";
        eventually(
                "ephemerals of living sessions are there",
                () -> inspector.owners(live).keySet().containsAll(fleet.livingEphemerals()));
        fleet.halfVanish();
        eventually(
                "ephemerals of dead sessions are gone",
                () -> inspector.owners(live).values().stream().allMatch(fleet::hasSession));
    }

    /** Every server has executed the same and has the same tree. */
    private void auditDigests(EnsembleProcesses ensemble) {
        if (!ensemble.program().isTroupe()) {
            return;
        }
        eventually("all servers report the same tree", () -> {
            var reports = new HashSet<String>();
            for (var server : ensemble.servers()) {
                var monitor = server.monitor();
                reports.add(monitor.get("zk_troupe_zxid") + " " + monitor.get("zk_troupe_digest"));
            }
            return reports.size() == 1;
        });
    }

    private void eventually(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await().atMost(EnsembleProcesses.PATIENCE).until(condition);
        } catch (ConditionTimeoutException e) {
            journal.finding("in vain awaited", what);
        }
    }

    private boolean report(Verdict verdict, OutageMeter outages, int faults) {
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("faults                                 %,12d".formatted(faults));
        lines.add(verdict.text().stripTrailing());
        lines.add("other findings                         %,12d"
                .formatted(journal.findings().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum()));
        journal.findings().forEach((kind, count) -> lines.add("  " + kind + ": " + count));
        lines.add("longest time without an acknowledged write, in seconds");
        outages.longest().forEach((kind, nanos) -> lines.add(outage(kind.toString(), nanos)));
        lines.add(outage("no fault", outages.longestWithoutFault()));
        var clean = verdict.isClean() && journal.findings().isEmpty();
        lines.add(clean ? "nothing was found" : "FAILED, see " + home);
        lines.add(skipped());
        journal.print(String.join("\n", lines));
        return clean;
    }

    private static String outage(String kind, long nanos) {
        return String.format(Locale.ROOT, "  %-45s %8.2f", kind, nanos / 1e9);
    }

    /** The last line of a run: what this host could not do, why, and the remedy. */
    private String skipped() {
        if (missing.isEmpty()) {
            return "skipped: nothing";
        }
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        for (var kind : FaultKind.values()) {
            var why = missing.get(kind.need());
            if (why != null) {
                kinds.computeIfAbsent(why, same -> new ArrayList<>()).add(kind.toString());
            }
        }
        return "skipped: "
                + kinds.entrySet().stream()
                        .map(group -> String.join(", ", group.getValue()) + " (" + group.getKey() + ")")
                        .collect(Collectors.joining("; "));
    }
}
