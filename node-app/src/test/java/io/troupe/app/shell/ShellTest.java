package io.troupe.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.troupe.app.shell.ShellRig.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command against a node of Troupe's, through pipes: what users of ZooKeeper's command line expect is printed. */
class ShellTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static ShellRig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new ShellRig(directory);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static void prints(Run run, String... lines) {
        assertThat(run.errors()).isEmpty();
        assertThat(run.lines()).containsExactly(lines);
        assertThat(run.status()).isZero();
    }

    private static void fails(Run run, int status, String... words) {
        assertThat(run.errors()).contains(words);
        assertThat(run.errors().lines()).hasSize(1);
        assertThat(run.status()).isEqualTo(status);
    }

    @Test
    void createsReadsChangesAndDeletes() {
        prints(rig.run("create", "/crud", "hello world"), "Created /crud");
        prints(rig.run("get", "/crud"), "hello world");
        prints(rig.run("set", "/crud", "grüße"));
        assertThat(rig.run("set", "-s", "/crud", "hello", "-v", "1").lines())
                .contains("dataVersion = 2", "dataLength = 5", "ephemeralOwner = 0x0", "numChildren = 0")
                .anyMatch(line ->
                        line.matches("ctime = [A-Z][a-z]{2} [A-Z][a-z]{2} \\d\\d \\d\\d:\\d\\d:\\d\\d \\S+ \\d{4}"));
        prints(rig.run("get", "-b", "/crud"), "aGVsbG8=");
        assertThat(rig.run("get", "-x", "/crud").output())
                .contains("|00000000| 68 65 6c 6c 6f                                  |hello           |");
        assertThat(rig.run("stat", "/crud").lines()).hasSize(11).contains("cversion = 0");
        prints(rig.run("set", "/crud", "Ynl0ZXM=", "-b"));
        prints(rig.run("get", "/crud"), "bytes");
        fails(rig.run("delete", "-v", "0", "/crud"), Shell.FAILED, "version No is not valid : /crud", "stat shows");
        prints(rig.run("delete", "/crud"));
        fails(rig.run("get", "/crud"), Shell.FAILED, "Node does not exist: /crud", "create it first");
    }

    @Test
    void createsEveryKindOfZnode() {
        prints(
                rig.script("""
                        create /kinds
                        create /kinds/null
                        get /kinds/null
                        create -s /kinds/s- x
                        create -e /kinds/e x
                        create -e -s /kinds/es- x
                        create -c /kinds/c
                        create -t 600000 /kinds/t x
                        create -s -t 600000 /kinds/ts- x
                        getEphemerals /kinds
                        getAllChildrenNumber /kinds
                        """),
                "Created /kinds",
                "Created /kinds/null",
                "null",
                "Created /kinds/s-0000000001",
                "Created /kinds/e",
                "Created /kinds/es-0000000003",
                "Created /kinds/c",
                "Created /kinds/t",
                "Created /kinds/ts-0000000006",
                "[/kinds/e, /kinds/es-0000000003]",
                "7");
        fails(rig.run("create", "-c", "-e", "/kinds/ce"), Shell.USAGE, "-c cannot be combined with -s or -e");
        fails(rig.run("create", "/kinds/s-0000000001"), Shell.FAILED, "Node already exists: /kinds/s-0000000001");
    }

    @Test
    void listsAndDeletesSubtrees() {
        rig.script("create /tree\ncreate /tree/b\ncreate /tree/a\ncreate /tree/a/deep\ncreate /tree/b/deep\n");
        prints(rig.run("ls", "/tree"), "[a, b]");
        prints(rig.run("ls", "-R", "/tree"), "/tree", "/tree/a", "/tree/b", "/tree/a/deep", "/tree/b/deep");
        assertThat(rig.run("ls", "-s", "/tree").lines()).startsWith("[a, b]").contains("numChildren = 2");
        fails(rig.run("delete", "/tree"), Shell.FAILED, "Node not empty: /tree", "deleteall");
        prints(rig.run("deleteall", "/tree", "-b", "2"));
        fails(rig.run("ls", "/tree"), Shell.FAILED, "Node does not exist: /tree");
        fails(rig.run("deleteall", "/tree"), Shell.FAILED, "Node does not exist: /tree");
    }

    @Test
    void listsChildrenInATable() throws Exception {
        Run run = rig.script("""
                create /table
                create /table/plain grüße
                create /table/plain/below
                set /table/plain more
                create -e /table/held
                ls -l /table
                """);
        String time = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";
        List<String> table = run.lines().subList(4, 7);
        assertThat(run.lines()).hasSize(7);
        assertThat(table.get(0)).matches("VERSION  BYTES  CHILDREN  CHANGED {14}EPHEMERAL OF +NAME");
        assertThat(table.get(1)).matches(" {6}0 {6}0 {9}0  " + time + "  0x[0-9a-f]+  held");
        assertThat(table.get(2)).matches(" {6}1 {6}4 {9}1  " + time + "  - +plain");

        JsonNode row = JSON.readTree(rig.run("--json", "ls", "-l", "/table").output())
                .path("details")
                .path(0);
        assertThat(row.path("name").asText()).isEqualTo("plain");
        assertThat(row.path("stat").path("dataLength").asInt()).isEqualTo(4);
        assertThat(rig.run("ls", "-l", "/table/plain/below").lines()).hasSize(1);
        fails(rig.run("ls", "-l", "-R", "/table"), Shell.USAGE, "-l cannot be combined with -R");
        fails(rig.run("ls", "-l", "/absent"), Shell.FAILED, "Node does not exist: /absent");
    }

    @Test
    void asksForTheChildrenOfATableAhead() {
        String creates = IntStream.range(0, 200)
                .mapToObj(i -> "create /many/%03d%n".formatted(i))
                .collect(Collectors.joining("", "create /many\n", ""));
        assertThat(rig.script(creates).status()).isZero();
        assertThat(rig.run("ls", "-l", "/many").lines())
                .hasSize(201)
                .last()
                .asString()
                .endsWith("  199");
    }

    @Test
    void keepsAccessControl() {
        prints(
                rig.script("""
                        create /acl data
                        create /acl/below data
                        addauth digest user:secret
                        setAcl -R /acl auth::cdrwa,world:anyone:r
                        getAcl /acl/below
                        whoami
                        """),
                "Created /acl",
                "Created /acl/below",
                "'digest,'user:5w9W4eL3797Y4Wq8AcKUPPk8ha4=",
                ": cdrwa",
                "'world,'anyone",
                ": r",
                "Auth scheme: User",
                "ip: 127.0.0.1",
                "digest: user");
        fails(rig.run("set", "/acl", "x"), Shell.FAILED, "Insufficient permission : /acl", "addauth");
        fails(rig.run("setAcl", "/acl", "world:anyone"), Shell.USAGE, "does not have the form scheme:id:perm");
    }

    @Test
    void limitsSubtrees() {
        rig.run("create", "/quota", "data");
        prints(rig.run("setquota", "-n", "5", "/quota"));
        prints(rig.run("setquota", "-B", "100", "/quota"));
        assertThat(rig.run("listquota", "/quota").lines())
                .first()
                .isEqualTo("absolute path is /zookeeper/quota/quota/zookeeper_limits");
        assertThat(rig.run("listquota", "/quota").output())
                .contains("Output quota for /quota count=5,bytes=-1", "byteHardLimit=100")
                .contains("Output stat for /quota count=1,bytes=4");
        rig.run("create", "/quota/below");
        fails(rig.run("setquota", "-n", "1", "/quota/below"), Shell.FAILED, "has a parent /quota which has a quota");
        prints(rig.run("delquota", "-B", "/quota"));
        assertThat(rig.run("listquota", "/quota").output()).contains("byteHardLimit=-1");
        prints(rig.run("delquota", "/quota"));
        fails(rig.run("listquota", "/quota"), Shell.FAILED, "quota for /quota does not exist.");
        fails(rig.run("setquota", "-n", "0", "/quota"), Shell.USAGE, "must be greater than zero");
    }

    @Test
    void printsWatchesThatFire() {
        Run run = rig.script("""
                create /watch
                addWatch /watch
                create /watch/one
                printwatches
                get -w /watch/one
                sync /watch
                """);
        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(run.lines())
                .contains("printwatches is on", "Sync is OK")
                .anyMatch(line ->
                        line.startsWith("WATCHER:: WatchedEvent state:SyncConnected type:NodeCreated path:/watch/one"));
        Run quiet = rig.script("printwatches off\naddWatch /watch\ncreate /watch/two\nremovewatches /watch\n");
        assertThat(quiet.status()).as(quiet.errors()).isZero();
        assertThat(quiet.output()).doesNotContain("WATCHER");
        fails(rig.run("removewatches", "/watch"), Shell.FAILED, "No watch of this kind on");
    }

    @Test
    void showsAndChangesTheMembers() {
        // A server alone shows no members until they are changed, as ZooKeeper's.
        assertThat(rig.run("config", "-s").lines()).contains("aclVersion = -1");
        assertThat(rig.run("config", "-c").status()).isZero();
        assertThat(rig.run("config", "-l").lines()).first().isEqualTo("ID  ROLE  PEERS  CLIENTS");
        fails(rig.run("config", "-c", "-l"), Shell.USAGE, "-c cannot be combined with -l");
        fails(rig.run("reconfig", "-remove", "1"), Shell.FAILED, "Arguments are not valid");
        fails(rig.run("reconfig"), Shell.USAGE, "nothing is to change");
        fails(rig.run("reconfig", "-add", "a", "-members", "b"), Shell.USAGE, "Can't use -file or -members together");
    }

    @Test
    void remembersItsLinesAndReconnects() {
        Run run = rig.script("""
                # A comment and an empty line are nothing.

                create /line 'two words'
                get /line
                redo 1
                close
                connect
                history
                version
                quit
                get /never
                """);
        assertThat(run.errors()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.lines())
                .startsWith(
                        "Created /line",
                        "two words",
                        "two words",
                        "0 - create /line 'two words'",
                        "1 - get /line",
                        "2 - get /line",
                        "3 - close",
                        "4 - connect",
                        "5 - history")
                .last()
                .asString()
                .startsWith("ZooKeeper CLI version: 3.9");
        fails(rig.script("close\nget /line\n"), Shell.FAILED, "Not connected", "connect host:port");
        fails(rig.script("redo 5\n"), Shell.USAGE, "Command index out of range");
    }

    @Test
    void stopsAtTheFirstFailureUnlessToldToGoOn() {
        String lines = "get /absent\ncreate /went-on\n";
        fails(rig.script(lines), Shell.FAILED, "Node does not exist: /absent");
        assertThat(rig.run("stat", "/went-on").status()).isEqualTo(Shell.FAILED);
        Run all = rig.script(lines, "--continue");
        assertThat(all.status()).isEqualTo(Shell.FAILED);
        assertThat(all.lines()).containsExactly("Created /went-on");
    }

    @Test
    void tellsBadCommandsFromFailures() {
        fails(rig.run("lss", "/"), Shell.USAGE, "Command not found: lss", "help lists the commands");
        fails(rig.run("ls", "-q", "/"), Shell.USAGE, "Unknown option: '-q'", "usage: ls [-s] [-w] [-R | -l] path");
        fails(rig.run("ls", "no/slash"), Shell.USAGE, "a path begins with /");
        fails(
                rig.shell("", List.of("-server", "127.0.0.1:1", "-timeout", "300", "ls", "/")),
                Shell.FAILED,
                "cannot connect to 127.0.0.1:1, tried for 300 ms",
                "-server");
        assertThat(rig.run("help").output()).contains("setquota -n|-b|-N|-B val path");
        assertThat(rig.run("help", "get").output()).contains("hex dump");
    }

    @Test
    void printsOneJsonObjectPerResult() throws Exception {
        Run run = rig.script(
                "create /json \"text\"\nset /json /4A= -b\nget -s /json\nls /\nget /absent\n", "--json", "--continue");
        assertThat(run.status()).isEqualTo(Shell.FAILED);
        assertThat(run.errors()).isEmpty();
        assertThat(run.lines()).hasSize(5);
        assertThat(JSON.readTree(run.lines().get(0)).path("path").asText()).isEqualTo("/json");
        JsonNode get = JSON.readTree(run.lines().get(2));
        assertThat(get.path("data_base64").asText()).isEqualTo("/4A=");
        assertThat(get.path("stat").path("dataVersion").asInt()).isEqualTo(1);
        assertThat(JSON.readTree(run.lines().get(3)).path("children").toString())
                .contains("\"zookeeper\"");
        JsonNode failure = JSON.readTree(run.lines().get(4));
        assertThat(failure.path("error").asText()).isEqualTo("NONODE");
        assertThat(failure.path("message").asText()).contains("/absent");
    }

    @Test
    void readsMembersFromAFile() throws Exception {
        Path absent = directory.resolve("absent");
        fails(rig.run("reconfig", "-file", absent.toString()), Shell.USAGE, "Error processing", "absent");
        Path empty = Files.writeString(directory.resolve("empty"), "# nothing\n");
        fails(rig.run("reconfig", "-file", empty.toString()), Shell.USAGE, "no server. line");
    }
}
