package io.troupe.app.clientport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KerberosNamesTest {
    @ParameterizedTest
    @CsvSource({
        "bob@HERE, false, false, bob@HERE",
        "bob@HERE, true, true, bob",
        "hdfs/a.example@HERE, false, false, hdfs/a.example@HERE",
        "hdfs/a.example@HERE, true, false, hdfs@HERE",
        "hdfs/a.example@HERE, false, true, hdfs/a.example",
        "hdfs/a.example@HERE, true, true, hdfs",
        "bob, false, false, bob"
    })
    void partsAreTakenOffOnDemand(String principal, boolean removeHost, boolean removeRealm, String identity)
            throws IOException {
        assertThat(new KerberosNames("HERE", removeHost, removeRealm).identity(principal))
                .isEqualTo(identity);
    }

    @Test
    void nobodyOfAnotherRealmPassesForOneOfThis() {
        assertThatThrownBy(() -> new KerberosNames("HERE", false, true).identity("bob@THERE"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bob@THERE");
    }
}
