package io.troupe.bench;

import io.troupe.nemesis.LabProgram;
import io.troupe.nemesis.NetworkLab;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerAddress;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@link SilentCut} runs in the clients' namespace: the name of the network and of the system are its arguments. */
public final class SilentCutMain {
    private static final int TIMES = 3;
    private static final String MARK = "sample\t";

    private SilentCutMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        NetworkLab lab = new NetworkLab(arguments[0], SilentCut.SERVERS);
        Contender contender = Contender.valueOf(arguments[1]);
        Path root = Files.createDirectories(Path.of("target", "ensembles").toAbsolutePath());
        Path home = Files.createTempDirectory(root, "cut-");
        List<ServerAddress> addresses = LabProgram.addresses(SilentCut.SERVERS, id -> home.resolve("server-" + id));
        LabProgram program = new LabProgram(Conditions.USUAL.program(contender), lab);
        try (EnsembleProcesses ensemble = EnsembleProcesses.prepare(program, home, addresses)) {
            ensemble.startAll();
            Outage.measure(ensemble, TIMES, leader -> cutOff(lab, ensemble, leader), leader -> lab.heal())
                    .forEach(sample -> System.out.println(
                            MARK + sample.get(Outage.GAP) + "\t" + sample.get(Outage.FAILED_ELSEWHERE)));
        }
    }

    private static void cutOff(NetworkLab lab, EnsembleProcesses ensemble, ServerProcess leader) {
        for (ServerProcess other : ensemble.servers()) {
            if (other != leader) {
                lab.cutBoth(leader.id(), other.id());
            }
        }
        lab.cutFromClients(leader.id());
    }

    /** Reads what {@link #main} has written. */
    static List<Map<String, Double>> samples(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(MARK))
                .map(line -> line.split("\t", -1))
                .map(fields -> {
                    Map<String, Double> figures = new LinkedHashMap<>();
                    figures.put(Outage.GAP, Double.valueOf(fields[1]));
                    figures.put(Outage.FAILED_ELSEWHERE, Double.valueOf(fields[2]));
                    return figures;
                })
                .toList();
    }
}
