package io.troupe.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One server process of a development ensemble. Its lines are passed on as they come. */
final class DevNode {
    private static final int SRVR_MILLIS = 1_000;
    private static final int STOP_SECONDS = 10;

    private final Process process;
    private final int clientPort;

    private DevNode(Process process, int clientPort) {
        this.process = process;
        this.clientPort = clientPort;
    }

    /** Starts {@code launcher server configuration}. */
    static DevNode start(Path launcher, Path configuration, String jvmOptions, int clientPort, PrintStream output)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(launcher.toString(), "server", configuration.toString()).redirectErrorStream(true);
        // Several nodes share this host, so each gets less memory than one alone would.
        builder.environment().put("TROUPE_JVM_OPTS", ("-Xmx256m " + jvmOptions).strip());
        Process process = builder.start();
        process.getOutputStream().close();
        Thread reader = new Thread(() -> copy(process, output), "output-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        return new DevNode(process, clientPort);
    }

    private static void copy(Process process, PrintStream output) {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.println(line);
            }
        } catch (IOException e) {
            output.println("(no more output of process " + process.pid() + ": " + e.getMessage() + ")");
        }
    }

    long pid() {
        return process.pid();
    }

    /** Completes with the exit status. */
    CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** What the node says of its role: leader, follower, standalone; empty while it does not serve. */
    Optional<String> mode() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPort), SRVR_MILLIS);
            socket.setSoTimeout(SRVR_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))
                    .lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()).strip())
                    .findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Asks it to stop. */
    void stop() {
        // Through the handle, which leaves the streams open: its last lines are worth reading.
        process.toHandle().destroy();
    }

    /** Waits until it has stopped, and ends it when it does not. */
    void awaitStopped() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
