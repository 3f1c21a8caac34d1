package io.troupe.app.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.command.ShellCommand;
import io.troupe.app.server.Server;
import io.troupe.edge.Frontend;
import io.troupe.env.system.SystemClock;
import io.troupe.node.Interposer;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.ProcessSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** A node alone, and shells that are given words and lines. The super user's password is "admin". */
final class ShellRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final Server server;
    private final int port = freePort();
    private final SystemClock clock = new SystemClock();

    ShellRig(Path directory) throws Exception {
        this.directory = directory;
        Config config = ConfigFactory.parseString(configuration(freePort()));
        ProcessSettings process = NodeSettingsReader.read(config);
        server = Server.start(process, config, Authenticators.of(process.auth(), List.of()), null, Interposer.NONE);
        Frontend frontend = server.node().frontend().toCompletableFuture().join();
        await().atMost(PATIENCE).until(() -> frontend.status().serving());
        server.open(frontend);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private String configuration(int peerPort) {
        return """
                akka.cluster.seed-nodes = ["akka://troupe@127.0.0.1:%d"]
                troupe {
                  host = "127.0.0.1", peer-port = %d, client-port = %d, data-dir = "%s"
                  super-digest = "super:xQJmxLMiHGwaqBvst5y6rkB6HQs="
                }
                """.formatted(peerPort, peerPort, port, directory.resolve("data"));
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    SystemClock clock() {
        return clock;
    }

    ShellSettings settings(String server, int timeoutMillis) {
        return new ShellSettings(
                server, timeoutMillis, false, null, false, false, true, false, directory.resolve("history"));
    }

    /** How a shell ended, and what it printed. */
    record Run(int status, String output, String errors) {
        List<String> lines() {
            return output.lines().toList();
        }
    }

    /** {@code troupe shell -server ... WORDS}. */
    Run run(String... words) {
        return script("", words);
    }

    /** The same, with lines to read. */
    Run script(String lines, String... words) {
        List<String> arguments = new ArrayList<>(List.of("-server", address()));
        arguments.addAll(List.of(words));
        return shell(lines, arguments);
    }

    Run shell(String lines, List<String> arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        ShellCommand command = new ShellCommand(
                new ByteArrayInputStream(lines.getBytes(UTF_8)),
                new PrintStream(output, true, UTF_8),
                new PrintStream(errors, true, UTF_8),
                Map.of(),
                directory);
        int status = new CommandLine(command)
                .setStopAtPositional(true)
                .setExpandAtFiles(false)
                .execute(arguments.toArray(String[]::new));
        return new Run(status, output.toString(UTF_8), errors.toString(UTF_8));
    }

    @Override
    public void close() {
        server.stop();
        clock.close();
    }
}
