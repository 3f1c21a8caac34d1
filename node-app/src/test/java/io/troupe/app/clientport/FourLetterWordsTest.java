package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Covers;
import io.troupe.ensemble.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FourLetterWordsTest extends PortTest {
    private static final String NOT_SERVING = "This ZooKeeper instance is not currently serving requests\n";

    private static String ask(PortFixture fixture, String word) throws IOException {
        try (RawClient client = fixture.connect()) {
            client.sendRaw(word.getBytes(StandardCharsets.ISO_8859_1));
            return new String(client.readToEnd(), StandardCharsets.UTF_8);
        }
    }

    private String ask(String word) throws IOException {
        return ask(fixture, word);
    }

    @Test
    void ruokIsAnsweredEvenWhenNobodyIsServed() throws IOException {
        assertThat(ask("ruok")).isEqualTo("imok");
        fixture.node.serving(false);
        assertThat(ask("ruok")).isEqualTo("imok");
    }

    @Test
    void isroTellsWhetherWritesAreServed() throws IOException {
        assertThat(ask("isro")).isEqualTo("rw");
        fixture.node.serving(false);
        assertThat(ask("isro")).isEqualTo("null");
    }

    @Test
    @Covers("7.1.1")
    void srvrHasTheLinesThatToolsParse() throws IOException {
        assertThat(ask("srvr")).matches("""
                        Zookeeper version: 3\\.9\\.5-\\S+, built on .*
                        Latency min/avg/max: \\d+/\\d+\\.\\d+/\\d+
                        Received: \\d+
                        Sent: \\d+
                        Connections: 1
                        Outstanding: 0
                        Zxid: 0x7
                        Mode: leader
                        Node count: 5
                        Proposal sizes last/min/max: -1/-1/-1
                        """);
    }

    @Test
    void onlyTheLeaderOfOthersTellsOfProposals() throws IOException {
        fixture.metrics.sizes("proposal_size").add(48);
        fixture.metrics.sizes("proposal_size").add(40);
        assertThat(ask("srvr")).endsWith("Node count: 5\nProposal sizes last/min/max: 40/40/48\n");
        assertThat(ask("stat")).endsWith("Node count: 5\nProposal sizes last/min/max: 40/40/48\n");
        assertThat(ask("mntr")).contains("zk_learners\t", "zk_synced_followers\t");
        fixture.node.is(Role.FOLLOWING, 3);
        assertThat(ask("srvr")).endsWith("Mode: follower\nNode count: 5\n");
        assertThat(ask("mntr")).contains("zk_quorum_size\t3\n").doesNotContain("zk_learners");
        fixture.node.is(Role.LEADING, 1);
        assertThat(ask("srvr")).endsWith("Mode: standalone\nNode count: 5\n");
        assertThat(ask("mntr")).doesNotContain("zk_learners", "zk_synced", "zk_quorum_size", "zk_peer_state");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "srvr", "stat", "mntr", "conf", "cons", "wchs", "wchc", "wchp", "dump", "hash", "dirs", "crst", "srst"
            })
    @Covers("7.1.2")
    void aNodeThatDoesNotServeSaysSo(String word) throws IOException {
        fixture.node.serving(false);
        assertThat(ask(word)).isEqualTo(NOT_SERVING);
    }

    @Test
    void statAndConsListTheClients() throws IOException {
        try (RawClient client = fixture.open()) {
            client.ask(RawClient.request(-2, ZooDefs.OpCode.ping));
            String me = " /127.0.0.1:" + client.socket.getLocalPort() + "[1](queued=0,recved=2,sent=2";
            assertThat(ask("stat")).contains("Clients:\n").contains(me + ")\n").contains("\nMode: leader\n");
            assertThat(ask("cons"))
                    .contains(me + ",sid=0x")
                    .contains(",lop=PING,")
                    .contains(",to=10000,");
        }
    }

    @Test
    @Covers("7.1.1")
    void consTellsWhatWasAnsweredLastInZooKeepersWords() throws IOException {
        try (RawClient client = fixture.open()) {
            assertThat(ask("cons")).contains(",lop=SESS,").contains(",lcxid=0x0,lzxid=0x1,");
            client.ask(exists(0x17));
            assertThat(ask("cons")).contains(",lop=EXIS,").contains(",lcxid=0x17,lzxid=0x100000000,");
            client.ask(RawClient.request(-2, ZooDefs.OpCode.ping));
            assertThat(ask("cons")).contains(",lop=PING,").contains(",lcxid=0x17,");
            client.ask(setData(0x18));
            assertThat(ask("cons")).contains(",lop=NA,").contains(",lcxid=0x18,lzxid=0x100000001,");
            ask("crst");
            assertThat(ask("cons")).contains(",lop=NA,").contains(",lzxid=0xffffffffffffffff,lresp=0,");
            assertThat(ask("cons")).doesNotContain("lcxid");
        }
    }

    /** A client that waits for an answer has not been answered. */
    @Test
    void consDoesNotTellWhatIsStillOutstanding() throws IOException {
        try (RawClient client = fixture.open()) {
            fixture.node.hold();
            client.sendFrame(exists(1));
            await().until(() -> ask("cons").contains("queued=1,"));
            assertThat(ask("cons")).contains(",lop=SESS,").contains(",lcxid=0x0,");
            fixture.node.release();
        }
    }

    @Test
    void mntrHasTheFingerprintOfTheTree() throws IOException {
        assertThat(ask("mntr"))
                .contains("zk_server_state\tleader\n")
                .contains("zk_troupe_zxid\t0x7\n")
                .contains("zk_troupe_digest\t0xabc\n")
                .contains("zk_znode_count\t5\n");
    }

    @Test
    void resettingForgetsWhatWasCounted() throws IOException {
        try (RawClient client = fixture.open()) {
            client.ask(RawClient.request(-2, ZooDefs.OpCode.ping));
            assertThat(ask("crst")).isEqualTo("Connection stats reset.\n");
            assertThat(ask("cons")).contains("recved=0,sent=0");
            assertThat(ask("srst")).isEqualTo("Server stats reset.\n");
            assertThat(ask("srvr")).contains("Received: 1\nSent: 0\n");
        }
    }

    @Test
    void confShowsTheSettingsOfAStandaloneNode() throws IOException {
        fixture.node.is(Role.LEADING, 1);
        assertThat(ask("conf")).matches("""
                clientPort=0
                secureClientPort=-1
                dataDir=\\.
                dataDirSize=\\d+
                dataLogDir=\\.
                dataLogSize=0
                tickTime=2000
                maxClientCnxns=60
                minSessionTimeout=4000
                maxSessionTimeout=40000
                clientPortListenBacklog=1024
                serverId=1
                """);
    }

    @Test
    void confShowsTheEnsembleToo() throws IOException {
        assertThat(ask("conf")).endsWith("""
                serverId=1
                initLimit=10
                syncLimit=5
                electionAlg=3
                electionPort=25521
                quorumPort=25520
                peerType=0
                membership:\s
                server.1=h1:25520:25521:participant;c1:2181
                server.2=h2:25520:25521:participant;c2:2181
                server.3=h3:25520:25521:participant;c3:2181
                version=10""");
        fixture.node.is(Role.OBSERVING, 3);
        assertThat(ask("conf")).contains("\npeerType=1\n");
    }

    @Test
    void aLeaderDumpsWhenSessionsExpire() throws IOException {
        assertThat(ask("dump")).matches("""
                SessionTracker dump:
                Session Sets \\(2\\)/\\(3\\):
                1 expire at \\w{3} Nov \\d\\d \\d\\d:\\d\\d:21 \\S+ 2023:
                \t0x10
                2 expire at \\w{3} Nov \\d\\d \\d\\d:\\d\\d:23 \\S+ 2023:
                \t0x11
                \t0x12
                ephemeral nodes dump:
                Sessions with Ephemerals \\(1\\):
                0x10:
                \t/a
                \t/b
                Connections dump:
                Connections Sets \\(1\\)/\\(1\\):
                1 expire at \\w{3} \\w{3} \\d\\d \\d\\d:\\d\\d:\\d\\d \\S+ \\d{4}:
                \tip: /127.0.0.1:\\d+ sessionId: 0x0
                """);
    }

    @Test
    void dumpListsConnectionsByTheTimeTheyHave() throws IOException {
        try (RawClient client = fixture.open()) {
            String me = "\tip: /127.0.0.1:" + client.socket.getLocalPort() + " sessionId: 0x100000000000001\n";
            assertThat(ask("dump"))
                    .contains("Connections Sets (2)/(2):\n1 expire at ")
                    .contains(me);
        }
    }

    @Test
    void aLearnerDumpsHowLongSessionsLast() throws IOException {
        fixture.node.is(Role.FOLLOWING, 3);
        assertThat(ask("dump")).startsWith("""
                SessionTracker dump:
                Global Sessions(2):
                0x10\t4000ms
                0x11\t6000ms
                ephemeral nodes dump:
                Sessions with Ephemerals (1):
                0x10:
                \t/a
                \t/b
                Connections dump:
                Connections Sets (1)/(1):
                """);
    }

    @Test
    void watchesAreCountedAndListedBySessionAndByPath() throws IOException {
        assertThat(ask("wchs")).isEqualTo("2 connections watching 2 paths\nTotal watches:3\n");
        assertThat(ask("wchc")).isEqualTo("0x10\n\t/a\n\t/b\n0x11\n\t/b\n\n");
        assertThat(ask("wchp")).isEqualTo("/a\n\t0x10\n/b\n\t0x10\n\t0x11\n\n");
    }

    @Test
    void hashListsTheDigestsByZxid() throws IOException {
        assertThat(ask("hash")).isEqualTo("100000001: 5\n100000002: 6\n");
    }

    @Test
    void dirsMeasuresTheDataDirectory() throws IOException {
        assertThat(ask("dirs")).matches("datadir_size: \\d+\nlogdir_size: 0\n");
    }

    @Test
    void enviShowsTheVersionAndTheJvm() throws IOException {
        assertThat(ask("envi"))
                .startsWith("Environment:\nzookeeper.version=3.9.5")
                .contains("\njava.version=")
                .containsPattern("\njava.io.tmpdir=.*\njava.compiler=<NA>\nos.name=");
    }

    @Test
    void theTraceMaskIsKeptAndShown() throws IOException {
        assertThat(ask("gtmk")).isEqualTo("306");
        assertThat(ask("stmk\0\0\0\0\0\0\1\2")).isEqualTo("258");
        assertThat(ask("gtmk")).isEqualTo("258");
    }

    @Test
    void theTraceMaskMayComeInALaterSegment() throws IOException {
        try (RawClient client = fixture.connect()) {
            client.sendRaw("stmk".getBytes(StandardCharsets.US_ASCII));
            assertThat(ask("ruok")).isEqualTo("imok");
            client.sendRaw(new byte[] {0, 0, 0, 0});
            assertThat(ask("ruok")).isEqualTo("imok");
            client.sendRaw(new byte[] {0, 0, 0, 7});
            assertThat(new String(client.readToEnd(), StandardCharsets.UTF_8)).isEqualTo("7");
        }
    }

    @Test
    void aWordThatIsNotExecutedIsNotWaitedFor() throws IOException {
        try (PortFixture strict = new PortFixture(s -> PortFixture.withWords(s, Set.of("gtmk")))) {
            assertThat(ask(strict, "stmk")).isEqualTo("stmk is not executed because it is not in the whitelist.\n");
            assertThat(ask(strict, "gtmk")).isEqualTo("306");
        }
    }

    @Test
    @Covers("1.11.2")
    void wordsOutsideTheWhitelistAreNotExecuted() throws IOException {
        try (PortFixture strict = new PortFixture(s -> PortFixture.withWords(s, Set.of("srvr")))) {
            assertThat(ask(strict, "ruok")).isEqualTo("ruok is not executed because it is not in the whitelist.\n");
            assertThat(ask(strict, "srvr")).contains("Mode: ");
        }
    }

    @Test
    @Covers("1.11.1")
    void aTelnetThatClosesIsTakenSilently() throws IOException {
        try (RawClient client = fixture.connect()) {
            client.sendRaw(new byte[] {(byte) 0xff, (byte) 0xf4, (byte) 0xff, (byte) 0xfd});
            assertThat(client.readToEnd()).isEmpty();
            assertThat(fixture.logged(client)).isEmpty();
        }
    }

    @Test
    @Covers("1.11.1")
    void aWordInsideASessionIsNoWord() throws IOException {
        try (RawClient client = fixture.open()) {
            client.sendRaw("ruok".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.isClosedByServer()).isTrue();
        }
    }
}
