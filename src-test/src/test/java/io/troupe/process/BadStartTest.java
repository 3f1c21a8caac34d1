package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A node that cannot work says why in one line and exits with a status other than 0; one that can stops cleanly when
 * asked. About Troupe's own process, whatever server program the other tests run.
 */
class BadStartTest {
    private static final int START_SECONDS = 40;

    private TroupeProgram program;
    private EnsembleProcesses ensemble;
    private ServerProcess good;

    @BeforeEach
    void prepareOneServer() throws IOException {
        program = new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.TEST);
        ensemble = EnsembleProcesses.prepare(program, 1);
        good = ensemble.server(1);
        Files.createDirectories(good.address().home());
    }

    @AfterEach
    void endServers() {
        ensemble.close();
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        refuses(run(good.address().home().resolve("absent.conf"), ""), "absent.conf");
    }

    @Test
    void aFileThatIsNoConfigurationIsRefusedWithItsLine() throws Exception {
        refuses(start("troupe { client-port = \n", ""), "application.conf");
    }

    @Test
    void aKeyOfTheWrongTypeIsNamed() throws Exception {
        refuses(start(text() + "\ntroupe.client-port = many\n", ""), "client-port");
    }

    @Test
    void aPortThatCannotExistIsRefused() throws Exception {
        refuses(start(text() + "\ntroupe.client-port = 70000\n", ""), "client-port");
    }

    @Test
    void aMisspelledKeyIsNamed() throws Exception {
        refuses(start(text() + "\ntroupe.client-prot = 2181\n", ""), "client-prot");
    }

    @Test
    void anEmptySeedListIsRefused() throws Exception {
        refuses(start(text() + "\nakka.cluster.seed-nodes = []\n", ""), "seed-nodes");
    }

    @Test
    void aClientPortInUseIsNamed() throws Exception {
        var port = good.address().clientPort();
        try (var holder = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(holder.isBound()).isTrue();
            refuses(start(text(), ""), Integer.toString(port));
        }
    }

    @Test
    void aPeerPortInUseIsNamed() throws Exception {
        var port = good.address().peerPort();
        try (var holder = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(holder.isBound()).isTrue();
            refuses(start(text(), ""), Integer.toString(port));
        }
    }

    @Test
    void aDataDirectoryThatIsAFileIsNamed() throws Exception {
        Files.writeString(good.address().dataDirectory(), "not a directory");
        refuses(start(text(), ""), good.address().dataDirectory().toString());
    }

    @Test
    void aDataDirectoryThatCannotBeMadeIsNamed() throws Exception {
        Files.writeString(good.address().home().resolve("plain"), "");
        var impossible = good.address().home().resolve("plain").resolve("data");
        refuses(start(text() + "\ntroupe.data-dir = \"" + impossible + "\"\n", ""), impossible.toString());
    }

    @Test
    void aDataDirectoryInUseByAnotherProcessIsNamed() throws Exception {
        good.start();
        ensemble.awaitAllServing();
        try (var other = EnsembleProcesses.prepare(program, 1)) {
            var intruder = other.server(1).address();
            Files.createDirectories(intruder.home());
            var configuration = intruder.home().resolve("application.conf");
            Files.writeString(
                    configuration,
                    TroupeProgram.configurationText(List.of(intruder), intruder, Tuning.TEST) + "\ntroupe.data-dir = \""
                            + good.address().dataDirectory() + "\"\n");
            refuses(run(configuration, ""), good.address().dataDirectory().toString());
        }
        assertThat(good.mode()).contains("standalone");
    }

    @Test
    void aKeyStoreThatCannotBeReadIsNamed() throws Exception {
        var store = good.address().home().resolve("server.p12");
        Files.writeString(store, "no store");
        var tls = "\ntroupe { secure-client-port = 1, tls { client-auth = none, key-store = \"" + store
                + "\", key-store-password = told } }\n";
        var outcome = start(text() + tls, "");
        refuses(outcome, store + ", which troupe.tls.key-store (ssl.keyStore.location) names, cannot be read");
        assertThat(outcome.output()).doesNotContain("told");
        Files.delete(store);
        refuses(start(text() + tls, ""), "does not exist");
    }

    @Test
    void aPropertyOnTheCommandLineWinsOverTheFile() throws Exception {
        refuses(start(text(), "-Dtroupe.client-port=many"), "client-port");
    }

    @Test
    void aRunningNodeStopsCleanlyWhenAskedAndStartsAgain() throws Exception {
        good.start();
        ensemble.awaitAllServing();
        try (var client = OfficialClient.connect(ensemble.connectString())) {
            client.createText("/kept", "", CreateMode.PERSISTENT);
        }
        assertThat(good.terminate()).as("143 is what a JVM answers to SIGTERM").isIn(0, 143);

        good.start();
        ensemble.awaitAllServing();
        try (var client = OfficialClient.connect(ensemble.connectString())) {
            assertThat(client.stat("/kept").getVersion()).isZero();
        }
    }

    /**
     * @param status of the process
     * @param output everything it wrote
     */
    private record Outcome(int status, String output) {}

    private String text() {
        return TroupeProgram.configurationText(List.of(good.address()), good.address(), Tuning.TEST);
    }

    private Outcome start(String configuration, String jvmOptions) throws Exception {
        var file = good.address().home().resolve("application.conf");
        Files.writeString(file, configuration);
        return run(file, jvmOptions);
    }

    private Outcome run(Path configuration, String jvmOptions) throws Exception {
        var output = good.address().home().resolve("bad-start.log");
        var options = new ArrayList<>(Tuning.TEST.jvmOptions());
        options.add(jvmOptions);
        var process = TroupeProgram.launch(program.distribution(), options, configuration, good.address())
                .start(Redirect.to(output.toFile()));
        try {
            assertThat(process.waitFor(START_SECONDS, TimeUnit.SECONDS))
                    .as(() -> "ends by itself; it said:\n" + read(output))
                    .isTrue();
            return new Outcome(process.exitValue(), read(output));
        } finally {
            process.destroyForcibly();
        }
    }

    private static void refuses(Outcome outcome, String cause) {
        assertThat(outcome.status()).as(outcome.output()).isNotZero();
        var lines = outcome.output().strip().lines().toList();
        assertThat(lines).as("one line that names the cause").anyMatch(line -> line.contains(cause));
        assertThat(lines).as("no stack trace").noneMatch(line -> line.startsWith("\tat "));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            return "unreadable: " + e;
        }
    }
}
