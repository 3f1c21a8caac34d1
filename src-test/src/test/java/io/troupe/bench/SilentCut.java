package io.troupe.bench;

import static io.troupe.bench.Bound.ratioAtMost;
import static io.troupe.bench.Bound.valueAtMost;

import io.troupe.nemesis.NetworkLab;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The leader is cut off from the other servers and from clients without a word to anybody. This takes a network of its own, in
 * which another JVM, {@link SilentCutMain}, runs servers and clients.
 */
final class SilentCut implements Scenario {
    static final int SERVERS = 3;

    @Override
    public String title() {
        return "failover-cut";
    }

    @Override
    public String words() {
        return "leader cut off silently, 30 writers on all servers";
    }

    @Override
    public List<Target> targets() {
        return List.of(new Target(Outage.GAP, ratioAtMost(0.125), valueAtMost(800)));
    }

    @Override
    public String missing() {
        try {
            NetworkLab.removeLeftovers();
            NetworkLab.create(SERVERS).close();
            return "";
        } catch (RuntimeException notHere) {
            return "needs network namespaces, that is Linux, iproute2 and the rights of root ("
                    + String.valueOf(notHere.getMessage()).lines().findFirst().orElse("no reason given") + ")";
        }
    }

    @Override
    public List<Map<String, Double>> measure(Contender contender, long point, Pace pace)
            throws IOException, InterruptedException {
        conditions(point).checkMemory();
        try (NetworkLab lab = NetworkLab.create(SERVERS)) {
            Thread lastResort = new Thread(lab::close, "remove-network");
            Runtime.getRuntime().addShutdownHook(lastResort);
            try {
                return inside(lab, contender);
            } finally {
                Runtime.getRuntime().removeShutdownHook(lastResort);
            }
        }
    }

    private static List<Map<String, Double>> inside(NetworkLab lab, Contender contender)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(NetworkLab.inside(lab.clients()));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SilentCutMain.class.getName(),
                lab.name(),
                contender.name()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the run inside the network failed: " + output);
        }
        return SilentCutMain.samples(output.lines().toList());
    }
}
