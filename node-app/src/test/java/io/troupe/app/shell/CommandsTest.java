package io.troupe.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.zookeeper.AddWatchMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines that ZooKeeper's command line understands are understood in the same way. */
class CommandsTest {
    private final Commands commands = new Commands();

    private <T extends Operation> T parsed(Class<T> kind, String line) throws CommandException {
        return kind.cast(commands.parse(Words.of(line)));
    }

    @Test
    void knowsAllCommandsOfZooKeepers() {
        assertThat(commands.names())
                .contains(
                        "addWatch",
                        "addauth",
                        "close",
                        "config",
                        "connect",
                        "create",
                        "delete",
                        "deleteall",
                        "delquota",
                        "get",
                        "getAcl",
                        "getAllChildrenNumber",
                        "getEphemerals",
                        "history",
                        "listquota",
                        "ls",
                        "printwatches",
                        "quit",
                        "reconfig",
                        "redo",
                        "removewatches",
                        "set",
                        "setAcl",
                        "setquota",
                        "stat",
                        "sync",
                        "version",
                        "whoami");
    }

    @Test
    void takesOptionsBeforeAndBehindArgumentsAndTogether() throws Exception {
        ReadCommands.Get get = parsed(ReadCommands.Get.class, "get /a -sw");
        assertThat(get.stat).isTrue();
        assertThat(get.watch).isTrue();
        assertThat(get.base64).isFalse();
        assertThat(get.path).isEqualTo("/a");
        assertThat(parsed(ReadCommands.Get.class, "get -b /a").base64).isTrue();
        assertThat(parsed(ReadCommands.Get.class, "get -x /a").hex).isTrue();
    }

    @Test
    void readsOldWaysToWatchAndToNameAVersion() throws Exception {
        assertThat(parsed(ReadCommands.Get.class, "get /a true").watchWord).isEqualTo("true");
        assertThat(parsed(ReadCommands.Ls.class, "ls /a watch").watchWord).isEqualTo("watch");
        assertThat(parsed(ReadCommands.StatOf.class, "stat /a watch").watchWord).isEqualTo("watch");
        assertThat(parsed(WriteCommands.Delete.class, "delete /a 3").versionWord)
                .isEqualTo(3);
    }

    @Test
    void readsWhatOnlyLooks() throws Exception {
        ReadCommands.Ls ls = parsed(ReadCommands.Ls.class, "ls -s -w -R /a");
        assertThat(ls.stat && ls.watch && ls.recurse).isTrue();
        assertThat(parsed(ReadCommands.Ls.class, "ls -l /a").table).isTrue();
        assertThat(parsed(ReadCommands.StatOf.class, "stat -w /a").watch).isTrue();
        assertThat(parsed(ReadCommands.GetAcl.class, "getAcl -s /a").stat).isTrue();
        assertThat(parsed(ReadCommands.GetAllChildrenNumber.class, "getAllChildrenNumber /a").path)
                .isEqualTo("/a");
        assertThat(parsed(ReadCommands.GetEphemerals.class, "getEphemerals /a").path)
                .isEqualTo("/a");
    }

    @Test
    void readsWhatChangesZnodes() throws Exception {
        WriteCommands.Create create =
                parsed(WriteCommands.Create.class, "create -s -t 60000 /a '{\"k\": 1}' world:anyone:r");
        assertThat(create.sequential).isTrue();
        assertThat(create.ttl).isEqualTo(60000);
        assertThat(create.data).isEqualTo("{\"k\": 1}");
        assertThat(create.acl).isEqualTo("world:anyone:r");
        assertThat(parsed(WriteCommands.Create.class, "create -e /a").data).isNull();
        assertThat(parsed(WriteCommands.Create.class, "create -c /a").container).isTrue();
        WriteCommands.Set set = parsed(WriteCommands.Set.class, "set /a @data -v -1 -s -b");
        assertThat(set.data).isEqualTo("@data");
        assertThat(set.version).isEqualTo(-1);
        assertThat(set.stat && set.base64).isTrue();
        assertThat(parsed(WriteCommands.Delete.class, "delete -v 7 /a").version).isEqualTo(7);
        assertThat(parsed(WriteCommands.DeleteAll.class, "deleteall /a -b 10").batchSize)
                .isEqualTo(10);
        WriteCommands.SetAcl acl = parsed(WriteCommands.SetAcl.class, "setAcl -R -s -v 2 /a auth::cdrwa");
        assertThat(acl.recurse && acl.stat).isTrue();
        assertThat(acl.version).isEqualTo(2);
        assertThat(acl.acl).isEqualTo("auth::cdrwa");
    }

    @Test
    void readsQuotas() throws Exception {
        assertThat(parsed(QuotaCommands.SetQuota.class, "setquota -n 10 /a").limit.count)
                .isEqualTo(10);
        assertThat(parsed(QuotaCommands.SetQuota.class, "setquota -B 10 /a").limit.hardBytes)
                .isEqualTo(10);
        assertThat(parsed(QuotaCommands.DelQuota.class, "delquota -N /a").hardCount)
                .isTrue();
        assertThat(parsed(QuotaCommands.ListQuota.class, "listquota /a").path).isEqualTo("/a");
    }

    @Test
    void readsWatches() throws Exception {
        assertThat(parsed(WatchCommands.AddWatch.class, "addWatch /a").mode)
                .isEqualTo(AddWatchMode.PERSISTENT_RECURSIVE);
        assertThat(parsed(WatchCommands.AddWatch.class, "addWatch -m PERSISTENT /a").mode)
                .isEqualTo(AddWatchMode.PERSISTENT);
        WatchCommands.RemoveWatches remove = parsed(WatchCommands.RemoveWatches.class, "removewatches /a -d -l");
        assertThat(remove.data && remove.local).isTrue();
        assertThat(parsed(WatchCommands.PrintWatches.class, "printwatches off").wanted)
                .isEqualTo(WatchCommands.PrintWatches.Switch.off);
    }

    @Test
    void readsWhatIsAboutTheSession() throws Exception {
        SessionCommands.AddAuth auth = parsed(SessionCommands.AddAuth.class, "addauth digest user:secret");
        assertThat(auth.scheme).isEqualTo("digest");
        assertThat(auth.auth).isEqualTo("user:secret");
        assertThat(parsed(SessionCommands.Connect.class, "connect a:1,b:2").server)
                .isEqualTo("a:1,b:2");
        assertThat(parsed(SessionCommands.Redo.class, "redo 4").number).isEqualTo(4);
        assertThat(parsed(SessionCommands.Sync.class, "sync /a").path).isEqualTo("/a");
        assertThat(parsed(SessionCommands.Help.class, "help ls").name).isEqualTo("ls");
        assertThat(commands.parse(Words.of("exit"))).isInstanceOf(SessionCommands.Quit.class);
        assertThat(commands.parse(Words.of("close"))).isInstanceOf(SessionCommands.Close.class);
        assertThat(commands.parse(Words.of("history"))).isInstanceOf(SessionCommands.History.class);
        assertThat(commands.parse(Words.of("version"))).isInstanceOf(SessionCommands.VersionOf.class);
        assertThat(commands.parse(Words.of("whoami"))).isInstanceOf(SessionCommands.WhoAmI.class);
    }

    @Test
    void readsWhatIsAboutTheMembers() throws Exception {
        ConfigCommands.Config config = parsed(ConfigCommands.Config.class, "config -c -w -s");
        assertThat(config.clients && config.watch && config.stat).isTrue();
        ConfigCommands.Reconfig reconfig = parsed(
                ConfigCommands.Reconfig.class,
                "reconfig -v 100000000 -add server.4=h:1:2:participant;3 -remove 1,2 -s");
        assertThat(reconfig.version).isEqualTo("100000000");
        assertThat(reconfig.joining).isEqualTo("server.4=h:1:2:participant;3");
        assertThat(reconfig.leaving).isEqualTo("1,2");
        assertThat(parsed(ConfigCommands.Reconfig.class, "reconfig -members server.1=h:1:2").members)
                .isEqualTo("server.1=h:1:2");
        assertThat(parsed(ConfigCommands.Reconfig.class, "reconfig -file /tmp/members").file)
                .isEqualTo(Path.of("/tmp/members"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lss /",
                "get",
                "get /a /b /c",
                "ls -q /",
                "create -t soon /a",
                "setquota /a",
                "setquota -n 1 -b 2 /a",
                "addWatch -m EVER /a",
                "printwatches maybe",
                "redo",
                "get \"/a"
            })
    void whatIsNoCommandIsRefusedWithARemedy(String line) {
        assertThatThrownBy(() -> commands.parse(Words.of(line)))
                .isInstanceOfSatisfying(CommandException.class, refusal -> {
                    assertThat(refusal.status()).isEqualTo(Shell.USAGE);
                    assertThat(refusal.remedy()).isNotEmpty();
                });
    }
}
