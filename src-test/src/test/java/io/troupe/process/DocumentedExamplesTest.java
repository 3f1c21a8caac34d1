package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.troupe.app.console.PasswordHash;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of the README and of docs do what they say. Those of {@link #RUN} are run by bash against an ensemble, one after the other
 * as a reader would: each must succeed (curl: with a status below 400) and print what is shown below it. Addresses, files and passwords
 * are replaced as {@link #placeholders} says and by nothing else. Those of {@link #ELSEWHERE} are not run here: they need other hosts, the
 * usual ports or hours. A program in neither list fails the test, so that nobody adds an example that nothing runs.
 */
class DocumentedExamplesTest {
    private static final Set<String> RUN = Set.of(
            "curl",
            "until",
            "echo",
            "head",
            "keytool",
            "bin/troupe shell",
            "bin/troupe audit",
            "bin/troupe backup",
            "bin/troupe restore");

    /** Programs and why they are not run. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            entry("node-app/dev", "takes the usual ports: DevEnsembleTest"),
            entry("mvn", "is what runs this"),
            entry("bin/troupe server", "is what every test of this package starts"),
            entry("bin/troupe doctor", "judges the host: DoctorTest"),
            entry("bin/troupe import", "needs a directory of ZooKeeper's: MoveTest"),
            entry("apt", "needs another host: PackagesTest"),
            entry("editor", "needs another host: PackagesTest"),
            entry("systemctl", "needs another host: PackagesTest"),
            entry("kubectl", "needs Kubernetes"),
            entry("src-test/nemesis", "takes an hour: NemesisTest"),
            entry("src-test/benchmark", "takes hours: ScenarioListTest"));

    /** Programs that not every host has, and the Debian packages to be installed. */
    private static final Map<String, String> PACKAGES = Map.of("curl", "curl", "jq", "jq", "nc", "netcat-openbsd");

    private static final String PASSWORD = Certificates.PASSWORD;

    /** What somebody else does while a watch is looked at. */
    private static final String MEANWHILE = "curl -u alice -H 'Content-Type: application/json'"
            + " -d '{\"path\": \"/app/job-\", \"mode\": \"persistent-sequential\"}' localhost:8080/api/v1/node";

    @TempDir
    private static Path directory;

    private static EnsembleProcesses ensemble;
    private static ServerProcess first;
    private static ServerProcess fourth;

    private record Ended(int status, List<String> output, String errors) {}

    /** Servers as shipped but for two users, of whom alice may do what both of her pages ask for; the fourth, which joins, as docs/http.md has TLS. */
    private record Documented(TroupeProgram troupe, Path keys) implements ServerProgram {
        @Override
        public Launch prepare(List<ServerAddress> servers, ServerAddress self) throws IOException {
            var launch = troupe.prepare(servers, self);
            var hash = PasswordHash.of(PASSWORD.toCharArray());
            var settings = "users = [\"alice:admin:" + hash + "\", \"admin:admin:" + hash + "\"]";
            if (self.id() != 1) {
                settings += """

                        tls {
                          key-store = "%1$s/node1.p12"
                          key-store-password-file = "%1$s/password"
                          trust-store = "%1$s/operators.pem"
                          client-auth = want
                        }
                        certificate-users = ["admin:CN=ada,O=Example"]
                        """.formatted(keys);
            }
            Files.writeString(
                    self.home().resolve("application.conf"),
                    "troupe.http { port = " + self.electionPort() + "\n" + settings + "\n}\n",
                    StandardOpenOption.APPEND);
            return launch;
        }

        @Override
        public boolean isTroupe() {
            return true;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        assumeInstalled("curl");
        var keys = Files.createDirectories(directory.resolve("keys"));
        var troupe = new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.TEST);
        ensemble = EnsembleProcesses.prepare(new Documented(troupe, keys), 1);
        first = ensemble.server(1);
        fourth = ensemble.prepareJoining(4);
        first.start();
        prepareFiles(keys);
        fourth.start();
        ensemble.awaitServing(List.of(first, fourth));
        for (var health : List.of("curl localhost:8080/readyz", "curl http://node1.example:8080/readyz")) {
            await(health)
                    .atMost(EnsembleProcesses.PATIENCE)
                    .until(() -> run(health, "").status() == 0);
        }
    }

    @AfterAll
    static void stop() {
        if (ensemble != null) {
            ensemble.close();
        }
    }

    /** What a reader has who comes to the examples. */
    private static void prepareFiles(Path keys) throws IOException, GeneralSecurityException {
        var certificates = new Certificates(keys);
        var node = certificates.make("node1.p12", "CN=node1.example");
        var ada = certificates.make("ada.p12", "CN=ada,O=Example");
        certificates.believing("operators.pem", ada);
        Files.writeString(keys.resolve("password"), PASSWORD + "\n");

        Files.copy(certificates.believing("nodes.pem", node), directory.resolve("nodes.pem"));
        Files.writeString(directory.resolve("ada.pem"), pem(ada));
        Files.copy(ada, directory.resolve("ada.p12"));
        Files.writeString(directory.resolve("ada.password"), PASSWORD + "\n");
        Files.writeString(directory.resolve("commands"), "# Read by the shell.\nget /greeting\nls /\n");
        Files.createDirectories(directory.resolve("backup"));
        var etc = Files.createDirectories(directory.resolve("etc"));
        Files.writeString(etc.resolve("admin.password"), PASSWORD + "\n");
        Files.writeString(
                directory.resolve(".curlrc"),
                "fail\nsilent\nshow-error\nnoproxy = \"*\"\nmax-time = " + 2 * EnsembleProcesses.PATIENCE.toSeconds()
                        + "\n");
    }

    /** The key and the certificate of a store as text. */
    private static String pem(Path file) throws IOException, GeneralSecurityException {
        var password = PASSWORD.toCharArray();
        var store = KeyStore.getInstance(file.toFile(), password);
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN PRIVATE KEY-----\n"
                + lines.encodeToString(store.getKey("key", password).getEncoded())
                + "\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n"
                + lines.encodeToString(store.getCertificate("key").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    /** What stands in the documents, and what stands for it here. */
    private static Map<String, String> placeholders() {
        var one = first.address();
        var four = fourth.address();
        Map<String, String> table = new LinkedHashMap<>();
        table.put("bin/troupe ", TroupeProgram.packagedDistribution() + "/bin/troupe ");
        table.put("localhost:8080", "localhost:" + one.electionPort());
        table.put("node1.example:8080", "localhost:" + four.electionPort());
        table.put("10.0.0.1:2181", one.clientAddress());
        table.put("10.0.0.2:2181", four.clientAddress());
        table.put("127.0.0.1:2181", one.clientAddress());
        table.put("127.0.0.1 2181", one.host() + " " + one.clientPort());
        table.put(
                "127.0.0.1:25523:25524:participant;127.0.0.1:2184",
                "%s:%d:%d:participant;%s"
                        .formatted(four.host(), four.peerPort(), four.electionPort(), four.clientAddress()));
        table.put("-u alice ", "-u alice:" + PASSWORD + " ");
        table.put("troupe-data", one.dataDirectory().toString());
        table.put("/etc/troupe/", directory.resolve("etc") + "/");
        table.put("/backup/", directory.resolve("backup") + "/");
        table.put("$(date +%F)", "2026-11-22");
        table.put("/var/lib/troupe", directory.resolve("lib").toString());
        return table;
    }

    private static String here(String text) {
        for (var placeholder : placeholders().entrySet()) {
            text = text.replace(placeholder.getKey(), placeholder.getValue());
        }
        return text;
    }

    /** Whoever asks for a password reads it from the input. */
    private static Process begin(String command, String input, File output, File errors) throws IOException {
        var script = Files.writeString(directory.resolve("script"), here(command) + "\n");
        var builder = new ProcessBuilder("bash", "-o", "pipefail", script.toString())
                .directory(directory.toFile())
                .redirectInput(
                        Files.writeString(directory.resolve("input"), input).toFile())
                .redirectOutput(output)
                .redirectError(errors);
        var java = System.getProperty("java.home");
        var environment = builder.environment();
        environment.put("JAVA_HOME", java);
        environment.put("PATH", Path.of(java, "bin") + File.pathSeparator + environment.get("PATH"));
        environment.put("TROUPE_JVM_OPTS", String.join(" ", Tuning.TEST.jvmOptions()));
        environment.put("CURL_HOME", directory.toString());
        environment.put("HOME", directory.toString());
        return builder.start();
    }

    private static Ended run(String command, String input) throws IOException, InterruptedException {
        var output = directory.resolve("output");
        var errors = directory.resolve("errors");
        var process = begin(command, input, output.toFile(), errors.toFile());
        if (!process.waitFor(EnsembleProcesses.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("does not end: " + here(command));
        }
        return new Ended(process.exitValue(), Files.readAllLines(output, UTF_8), Files.readString(errors));
    }

    private static void assumeInstalled(String program) {
        var there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
        assumeTrue(there, program + " is missing: apt install " + PACKAGES.get(program));
    }

    @TestFactory
    Stream<DynamicTest> theyDoWhatTheySay() throws IOException {
        var examples = DocumentedExample.all().stream()
                .filter(example -> RUN.contains(example.program()))
                .toList();
        assertThat(examples).hasSizeGreaterThan(20);
        return examples.stream()
                .map(example -> DynamicTest.dynamicTest(example.place() + " " + example.command(), () -> {
                    PACKAGES.keySet().stream()
                            .filter(program -> example.command().matches("(?s)(?:.* )?" + program + " .*"))
                            .forEach(DocumentedExamplesTest::assumeInstalled);
                    if (example.endless()) {
                        showsWhatHappens(example);
                    } else {
                        succeeds(example);
                    }
                }));
    }

    private static void succeeds(DocumentedExample example) throws IOException, InterruptedException {
        var passwords = (PASSWORD + "\n").repeat(4);
        var ended = run(
                example.command(),
                example.typed().isEmpty() ? passwords : here(String.join("\n", example.typed()) + "\n"));
        assertThat(ended.status())
                .as(
                        "%s: status of %s%n%s%n%s",
                        example.place(), here(example.command()), ended.output(), ended.errors())
                .isZero();
        assertThat(example.missingIn(ended.output()))
                .as("%s shows what is not printed in this order: %s", example.place(), ended.output())
                .isEmpty();
    }

    private static void showsWhatHappens(DocumentedExample example) throws IOException, InterruptedException {
        var output = directory.resolve("stream");
        var process = begin(
                "exec " + example.command(),
                "",
                output.toFile(),
                directory.resolve("stream-errors").toFile());
        try {
            await("the stream has begun")
                    .atMost(EnsembleProcesses.PATIENCE)
                    .failFast("curl ended", () -> !process.isAlive())
                    .until(() -> !Files.readString(output).isEmpty());
            assertThat(run(MEANWHILE, "").status()).isZero();
            await(example.place() + " shows it")
                    .atMost(EnsembleProcesses.PATIENCE)
                    .failFast("curl ended", () -> !process.isAlive())
                    .untilAsserted(() -> assertThat(example.missingIn(Files.readAllLines(output)))
                            .isEmpty());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void nobodyAddsOneThatNothingRuns() throws IOException {
        assertThat(DocumentedExample.all())
                .filteredOn(example -> !RUN.contains(example.program()) && !ELSEWHERE.containsKey(example.program()))
                .extracting(example -> example.place() + ": " + example.command())
                .as(
                        "Either no command: give the block its language, ```hocon or ```text say. Or one that can be run here: add its"
                                + " program to RUN. Or name in ELSEWHERE the test that runs it")
                .isEmpty();
    }
}
