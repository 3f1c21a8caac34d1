package io.troupe.nemesis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets a nemesis loose on real servers from the command line, see {@link NemesisOptions#USAGE}. Builds the network, starts
 * itself again inside of it, and removes it however that ends. The status is 0 when nothing was found, 1 when something was, 2
 * for a bad argument.
 */
public final class NemesisMain {
    private static final int BAD_ARGUMENT = 2;

    private NemesisMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        NemesisOptions options;
        try {
            options = NemesisOptions.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(NemesisOptions.USAGE);
            System.exit(BAD_ARGUMENT);
            return;
        }
        System.exit(options.lab().isEmpty() ? build(options) : run(options));
    }

    private static int run(NemesisOptions options) throws IOException, InterruptedException {
        return NemesisRun.of(options) ? 0 : 1;
    }

    private static int build(NemesisOptions options) throws IOException, InterruptedException {
        NetworkLab lab;
        try {
            NetworkLab.removeLeftovers();
            lab = NetworkLab.create(options.servers());
        } catch (RuntimeException notHere) {
            return run(options.withoutNetwork(String.valueOf(notHere.getMessage())));
        }
        var lastResort = new Thread(lab::close, "remove-network");
        Runtime.getRuntime().addShutdownHook(lastResort);
        var command = new ArrayList<>(NetworkLab.inside(lab.clients()));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                NemesisMain.class.getName()));
        command.addAll(options.inside(lab.name()).arguments());
        // Closing the network, which the hook does however this process ends, ends the one inside as well.
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
