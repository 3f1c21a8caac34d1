package io.troupe.app.clientport.jute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpCodeTest {
    /** As ZooKeeper 3.9.5 answers to {@code cons}. */
    @ParameterizedTest
    @CsvSource({
        "1, CREA",
        "2, DELE",
        "3, EXIS",
        "4, GETD",
        "5, SETD",
        "6, GETA",
        "7, SETA",
        "8, GETC",
        "9, SYNC",
        "11, PING",
        "12, GETC",
        "14, MULT",
        "15, CREA",
        "16, RECO",
        "17, CHKW",
        "18, REMW",
        "19, CREA",
        "21, CREA",
        "22, MLTR",
        "101, SETW",
        "103, GETE",
        "104, GETACN",
        "105, STW2",
        "106, ADDW",
        "107, HOMI",
        "-11, CLOS",
        "4711, NA"
    })
    void everyRequestHasZooKeepersName(int type, String name) {
        assertThat(OpCode.shortName(type)).isEqualTo(name);
    }
}
