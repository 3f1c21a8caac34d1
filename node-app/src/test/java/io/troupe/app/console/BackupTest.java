package io.troupe.app.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.app.backup.Backup;
import io.troupe.app.command.BackupCommand;
import io.troupe.app.command.ExportCommand;
import io.troupe.app.command.InspectCommand;
import io.troupe.app.command.RestoreCommand;
import io.troupe.app.console.ConsoleRig.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Backups of a node that serves, and what becomes of them: put back, made the beginning of others, refused when damaged. */
class BackupTest {
    @TempDir
    private static Path home;

    private static ConsoleRig rig;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();
    private final PrintStream output = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private final PrintStream errors = new PrintStream(complained, true, StandardCharsets.UTF_8);

    @BeforeAll
    static void start() throws Exception {
        rig = new ConsoleRig(home);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private int run(Callable<Integer> command, Object... arguments) {
        printed.reset();
        complained.reset();
        return new CommandLine(command)
                .execute(List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
    }

    private InputStream password() {
        return new ByteArrayInputStream("secret-ada\n".getBytes(StandardCharsets.UTF_8));
    }

    private String server() {
        return "127.0.0.1:" + rig.console.port();
    }

    private int backup(Path file) {
        return run(new BackupCommand(password(), output, errors), "-server", server(), "--user", "ada", file);
    }

    private int restore(Object... arguments) {
        Object[] all = new Object[arguments.length + 4];
        System.arraycopy(new Object[] {"-server", server(), "--user", "ada"}, 0, all, 0, 4);
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        return run(new RestoreCommand(password(), output, errors), all);
    }

    private void create(String path, String more) throws Exception {
        String body = "{\"path\": \"" + path + "\"" + more + "}";
        assertThat(rig.send("POST", "/api/v1/node", "ada", body).status()).isEqualTo(201);
    }

    private String told() {
        return complained.toString(StandardCharsets.UTF_8);
    }

    private String report() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatWasChangedSinceIsPutBackAndVerified() throws Exception {
        create("/kept", ", \"data\": \"as it was\"");
        create("/gone", ", \"mode\": \"container\"");
        create("/gone/child", ", \"acl\": [{\"scheme\": \"digest\", \"id\": \"u:h\", \"permissions\": \"cr\"}]");
        Path file = directory.resolve("b");
        assertThat(backup(file)).as(told()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        rig.send("PUT", ConsoleRig.znode("node", "/kept"), "ada", "{\"data\": \"changed\"}");
        rig.send("DELETE", ConsoleRig.znode("node", "/gone/child"), "ada", "");
        rig.send("DELETE", ConsoleRig.znode("node", "/gone"), "ada", "");
        create("/new", "");

        assertThat(restore(file, "--dry-run")).as(told()).isZero();
        assertThat(report()).contains("Changes     4: 2 znodes created, 1 set, 0 access control lists, 1 deleted");
        assertThat(rig.get(ConsoleRig.znode("node", "/new")).status()).isEqualTo(200);

        assertThat(restore(file, "--path", "/new")).isEqualTo(1);
        assertThat(told()).contains("the backup has no znode /new");

        assertThat(restore(file)).as(told()).isZero();

        assertThat(report()).contains("Changed     4 steps").contains("Verified");
        assertThat(rig.get(ConsoleRig.znode("node", "/kept")).field("data")).isEqualTo("as it was");
        assertThat(rig.get(ConsoleRig.znode("node", "/new")).status()).isEqualTo(404);
        Answer acl = rig.send("GET", ConsoleRig.znode("acl", "/gone/child"), "ada", "");
        assertThat(acl.json().path("acl").path(0).path("permissions").asText()).isEqualTo("cr");
    }

    @Test
    void itIsWhatZooKeepersToolsExpectAndOneAtATime() throws Exception {
        create("/streamed", "");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + server() + "/commands/snap?streaming=true"))
                .header("Authorization", ConsoleRig.basic("ada", "secret-ada"))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        // Another test may have had one a moment ago.
        HttpResponse<byte[]> sent = await().atMost(ConsoleRig.PATIENCE)
                .until(
                        () -> client.send(request, HttpResponse.BodyHandlers.ofByteArray()),
                        answer -> answer.statusCode() == 200);
        assertThat(sent.headers().firstValue("snapshot_size")).contains(Integer.toString(sent.body().length));
        Path file = Files.write(directory.resolve("by-curl"), sent.body());
        assertThat(sent.headers().firstValue("last_zxid"))
                .contains("0x" + Long.toHexString(Backup.read(file).tree().lastZxid()));

        Answer second = rig.send("GET", "/commands/snapshot", "ada", "");
        assertThat(second.status()).isEqualTo(429);
        assertThat(second.whole().headers().firstValue("Retry-After")).isPresent();
        assertThat(second.field("error")).contains("one at a time");
    }

    @Test
    void aNewEnsembleOrZooKeeperBeginsWithIt() throws Exception {
        create("/begun", "");
        Path file = directory.resolve("b");
        assertThat(backup(file)).isZero();
        Backup backup = Backup.read(file);

        assertThat(run(new RestoreCommand(password(), output, errors), file, "--to", directory.resolve("new")))
                .as(told())
                .isZero();
        assertThat(report()).contains("as import");
        assertThat(backup.begun().origins().all()).isEmpty();
        assertThat(backup.begun().get("/begun")).isNotNull();
        assertThat(backup.begun().lastZxid()).isGreaterThan(backup.tree().lastZxid());
        assertThat(run(new ExportCommand(output, errors), file, "--to", directory.resolve("zk")))
                .as(told())
                .isZero();
        assertThat(run(new InspectCommand(output, errors), file)).isZero();
        assertThat(run(new InspectCommand(output, errors), directory.resolve("zk")))
                .isZero();
    }

    @Test
    void theDataDirectoryOfANodeThatIsStoppedWillDo() throws Exception {
        Path node = directory.resolve("node");
        try (ConsoleRig other = new ConsoleRig(node)) {
            other.send("POST", "/api/v1/node", "ada", "{\"path\": \"/last\"}");
            assertThat(run(
                            new RestoreCommand(password(), output, errors),
                            node.resolve("data"),
                            "--to",
                            directory.resolve("n")))
                    .isEqualTo(1);
            assertThat(told()).contains("in use");
        }

        assertThat(run(
                        new RestoreCommand(password(), output, errors),
                        node.resolve("data"),
                        "--to",
                        directory.resolve("n")))
                .as(told())
                .isZero();
        assertThat(report()).contains("as import");
        assertThat(run(new RestoreCommand(password(), output, errors), directory, "--to", directory.resolve("m")))
                .isEqualTo(1);
        assertThat(told()).contains("no history");
    }

    @Test
    void aDamagedOneIsRefusedEverywhere() throws Exception {
        Path file = directory.resolve("b");
        assertThat(backup(file)).isZero();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThat(run(new BackupCommand(password(), output, errors), "--verify", file))
                .isEqualTo(1);
        assertThat(told()).contains("checksum");
        assertThat(restore(file)).isEqualTo(1);
        assertThat(run(new InspectCommand(output, errors), file)).isEqualTo(1);
        Files.write(file, new byte[] {1, 2, 3});
        assertThat(restore(file)).isEqualTo(1);
        assertThat(told()).contains("no backup of Troupe");
    }

    @Test
    void nothingIsLeftBehindWhenItIsRefused() {
        Path file = directory.resolve("b");
        assertThat(run(
                        new BackupCommand(
                                new ByteArrayInputStream("wrong\n".getBytes(StandardCharsets.UTF_8)), output, errors),
                        "-server",
                        server(),
                        "--user",
                        "ada",
                        file))
                .isEqualTo(1);
        assertThat(told()).contains("password is wrong");
        assertThat(directory.resolve("b.part")).doesNotExist();
        assertThat(run(new BackupCommand(password(), output, errors), "-server", "127.0.0.1:1", "--user", "ada", file))
                .isEqualTo(1);
        assertThat(told()).contains("nothing answers at http://127.0.0.1:1");
        assertThat(file).doesNotExist();
    }
}
