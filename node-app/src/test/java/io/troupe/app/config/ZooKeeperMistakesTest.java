package io.troupe.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.troupe.contract.Covers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be meant is told, with the place and the remedy. */
class ZooKeeperMistakesTest extends ZooKeeperConfigurationRig {
    @Test
    void allMistakesAreToldAtOnce() {
        assertRefused("clientPort=x\nsnapCount=y\nserver.x=a:1:2\n", "zoo.cfg: 2", "zoo.cfg: 3", "zoo.cfg: 4");
    }

    @Test
    @Covers("6.1.1")
    void whatNothingCorrespondsToIsToldInOneWarning() throws IOException {
        System.setProperty("zookeeper.leaderServes", "no");

        assertThat(warnings(() -> read("clientPort=2181\nfastleader.minNotificationInterval=5\nelectionAlg=3\n")))
                .singleElement()
                .asString()
                .contains("corresponds to ")
                .contains("fastleader.minNotificationInterval", "-Dzookeeper.leaderServes")
                .doesNotContain("clientPort", "dataDir", "electionAlg");
    }

    @ParameterizedTest
    @CsvSource({
        "tickTime=fast, 'zoo.cfg: 3: tickTime = fast', a number of milliseconds from 10 to 60000",
        "clientPort, 'zoo.cfg: 3: clientPort = ', a whole number from 1 to 65535",
        "preAllocSize=1, 'zoo.cfg: 3: preAllocSize = 1', a number of KiB from 4 to 1048576",
        "snapCount=0, 'zoo.cfg: 3: snapCount = 0', a whole number from 1",
        "group.1=1:2:3, 'zoo.cfg: 3: group.1 = 1:2:3', one equal vote",
        "weight.1=2, 'zoo.cfg: 3: weight.1 = 2', one equal vote",
        "electionAlg=0, 'zoo.cfg: 3: electionAlg = 0', 3 is the only election",
        "secureClientPort=x, 'zoo.cfg: 3: secureClientPort = x', a whole number from 1 to 65535",
        "sslQuorum=true, 'zoo.cfg: 3: sslQuorum = true', ssl.quorum.keyStore.location",
        "portUnification=true, 'zoo.cfg: 3', stop them all",
        "ssl.quorum.crl=true, 'zoo.cfg: 3', no lists of revoked certificates",
        "ssl.crl=true, 'zoo.cfg: 3', no lists of revoked certificates",
        "ssl.ocsp=true, 'zoo.cfg: 3', no lists of revoked certificates",
        "ssl.allowReverseDnsLookup=true, 'zoo.cfg: 3', name their addresses",
        "ssl.context.supplier.class=a.B, 'zoo.cfg: 3', come from files",
        "quorum.auth.enableSasl=true, 'zoo.cfg: 3', sslQuorum",
        "peerType=leader, 'zoo.cfg: 3', participant or observer",
        "extendedTypesEnabled=perhaps, 'zoo.cfg: 3', true or false",
        "server.x=a:1:2, 'zoo.cfg: 3: server.x = a:1:2', numbers from 1 to 254",
        "server.0=a:1:2, 'zoo.cfg: 3', numbers from 1 to 254",
        "server.255=a:1:2, 'zoo.cfg: 3', numbers from 1 to 254",
        "server.1=a, 'zoo.cfg: 3', host:port:port",
        "server.1=[b]:1:2, 'zoo.cfg: 3', an IPv6 address",
        "server.1=a:0:2, 'zoo.cfg: 3', ports are numbers from 1 to 65535",
        "server.1=a:1:2|b:1:2, 'zoo.cfg: 3', one address",
        "server.1=a:1:2:observer, 'zoo.cfg: 3', list a participant",
        "server.1=a:1:2;2182, 'zoo.cfg: 2', remove one of the two",
    })
    void mistakesAreToldWithFileLineAndRemedy(String line, String place, String remedy) {
        assertRefused("clientPort=2181\n" + line + "\n", place, remedy);
    }

    @Test
    void whatIsFoundWrongLaterNamesWhatWasWritten() throws IOException {
        Path file = directory.resolve("zoo.cfg");
        Files.writeString(file, "dataDir=/no\nclientPort=2181\n");
        Config operator = OperatorFile.load(file.toFile());

        assertThat(TheirNames.in("cannot be used; choose another troupe.data-dir. Or no troupe.data-dir", operator))
                .isEqualTo("cannot be used; choose another troupe.data-dir, here " + file
                        + ": 1: dataDir = /no. Or no troupe.data-dir");
        assertThat(TheirNames.in("cannot listen (troupe.client-port): in use", operator))
                .contains("(troupe.client-port, here " + file + ": 2: clientPort = 2181): in use");
        assertThat(TheirNames.in("change troupe.peer-port", operator)).endsWith("clientPort = 2181 (10000 above it)");
        assertThat(TheirNames.in("troupe.http.port, of which the file says nothing", operator))
                .isEqualTo("troupe.http.port, of which the file says nothing");
    }

    @Test
    void dataOfZooKeeperIsNotPassedOverInSilence() throws IOException {
        Files.createDirectories(directory.resolve("data/version-2"));
        Files.writeString(directory.resolve("data/version-2/snapshot.0"), "");

        assertRefused("clientPort=2181\n", "holds data of ZooKeeper");
    }
}
