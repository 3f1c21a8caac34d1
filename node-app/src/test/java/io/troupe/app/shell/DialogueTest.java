package io.troupe.app.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.WatchedEvent;
import org.jline.reader.Candidate;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser.ParseContext;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shell does for somebody at a terminal: completes, shows its state, is interrupted, outlives its session. */
class DialogueTest {
    private static final int SESSION_MILLIS = 30_000;
    /** Nothing listens on it. */
    private static final String NOWHERE = "127.0.0.1:1";

    @TempDir
    static Path directory;

    private static ShellRig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new ShellRig(directory);
        assertThat(rig.script("create /completed\ncreate /completed/alpha\ncreate /completed/beta\n")
                        .status())
                .isZero();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static Terminal terminal(String typed, ByteArrayOutputStream shown) throws Exception {
        Terminal terminal = new DumbTerminal(new ByteArrayInputStream(typed.getBytes(UTF_8)), shown);
        terminal.setSize(new Size(200, 40));
        return terminal;
    }

    @Test
    void runsWhatIsTypedUntilTheInputEnds() throws Exception {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        ShellSettings settings = rig.settings(rig.address(), SESSION_MILLIS);
        try (Terminal terminal = terminal("create /typed hi!!\nget /typed\naddauth digest a:b\nlss\n", shown)) {
            assertThat(new Dialogue(terminal, settings, rig.clock()).run()).isZero();
        }
        assertThat(shown.toString(UTF_8))
                .contains("[" + rig.address() + "(CONNECTED) 0] ")
                .contains("Created /typed")
                .contains("hi!!")
                .contains("Command not found: lss; help lists the commands");
        assertThat(Files.readString(settings.historyFile()))
                .contains("get /typed")
                .doesNotContain("addauth");
        if (Files.getFileStore(settings.historyFile()).supportsFileAttributeView("posix")) {
            assertThat(Files.getPosixFilePermissions(settings.historyFile())).hasSize(2);
        }
    }

    @Test
    void arrowsAreUnderstoodInEitherOfTheirForms() throws Exception {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        ShellSettings settings = rig.settings(rig.address(), SESSION_MILLIS);
        try (Terminal terminal = terminal("create /arrow 1\n\033[A\n", shown)) {
            assertThat(new Dialogue(terminal, settings, rig.clock()).run()).isZero();
        }
        assertThat(shown.toString(UTF_8)).contains("Created /arrow", "Node already exists: /arrow");
    }

    @Test
    void anInterruptEndsTheCommandThatRunsAndNotTheShell() throws Exception {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        ShellSettings settings = rig.settings(NOWHERE, Integer.MAX_VALUE);
        try (Terminal terminal = terminal("close\nget /typed\n", shown)) {
            CompletableFuture<Void> interrupt = CompletableFuture.runAsync(() -> {
                await().atMost(ShellRig.PATIENCE)
                        .until(() -> shown.toString(UTF_8).contains("Connecting to " + NOWHERE));
                terminal.raise(Terminal.Signal.INT);
            });
            assertThat(new Dialogue(terminal, settings, rig.clock()).run()).isZero();
            interrupt.join();
        }
        assertThat(shown.toString(UTF_8)).contains("still connecting", "Not connected");
    }

    @Test
    void aSessionThatExpiresIsReplaced() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Connection connection = new Connection(rig.settings(rig.address(), SESSION_MILLIS), new Connection.Listener() {
            @Override
            public void watched(WatchedEvent event) {
                told.add(event.toString());
            }

            @Override
            public void changed(String text) {
                told.add(text);
            }
        });
        connection.open(rig.address());
        long first = connection.client().getSessionId();
        connection.identify("digest", "user:secret");
        connection.client().getTestable().injectSessionExpiration();
        await().atMost(ShellRig.PATIENCE).until(() -> told.stream().anyMatch(text -> text.contains("expired")));
        assertThat(told).anyMatch(text -> text.contains("0x" + Long.toHexString(first)) && text.contains("ephemeral"));
        assertThat(connection.client().getSessionId()).isNotEqualTo(first);
        assertThat(connection.client().whoAmI())
                .anyMatch(identity -> identity.getUser().equals("user"));
        connection.close();
        assertThat(connection.state()).isEqualTo("CLOSED");
    }

    @Test
    void completesCommandsOptionsValuesAndPaths() throws Exception {
        Connection connection = new Connection(rig.settings(rig.address(), SESSION_MILLIS), new Connection.Listener() {
            @Override
            public void watched(WatchedEvent event) {}

            @Override
            public void changed(String text) {}
        });
        connection.open(rig.address());
        connection.client();
        ShellCompleter completer = new ShellCompleter(new Commands(), connection, rig.clock());

        assertThat(completed(completer, "")).contains("ls", "getAcl", "deleteall");
        assertThat(completed(completer, "get ")).contains("-s", "-w", "-b", "-x", "/");
        assertThat(completed(completer, "addWatch -m ")).containsExactly("PERSISTENT", "PERSISTENT_RECURSIVE");
        assertThat(completed(completer, "printwatches ")).contains("on", "off");
        assertThat(completed(completer, "help ")).contains("reconfig");
        assertThat(completed(completer, "get /compl")).containsExactly("/completed");
        assertThat(completed(completer, "get -s /completed/")).containsExactly("/completed/alpha", "/completed/beta");
        assertThat(completed(completer, "get /completed/b")).containsExactly("/completed/beta");
        assertThat(completed(completer, "get /absent/")).isEmpty();
        connection.close();
        assertThat(completed(completer, "get /zookeeper/")).isEmpty();
    }

    private static List<String> completed(ShellCompleter completer, String line) throws Exception {
        try (Terminal terminal = terminal("", new ByteArrayOutputStream())) {
            List<Candidate> candidates = new ArrayList<>();
            completer.complete(
                    LineReaderBuilder.builder().terminal(terminal).build(),
                    new Words().parse(line, line.length(), ParseContext.COMPLETE),
                    candidates);
            return candidates.stream().map(Candidate::value).sorted().toList();
        }
    }
}
