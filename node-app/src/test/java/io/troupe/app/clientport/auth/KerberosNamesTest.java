package io.troupe.app.clientport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.contract.Covers;
import io.troupe.node.ConfigurationException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KerberosNamesTest {
    private static KerberosNames names(String rules, boolean removeHost, boolean removeRealm) {
        return new KerberosNames("HERE", KerberosRules.parse(rules), removeHost, removeRealm);
    }

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
        assertThat(names("DEFAULT", removeHost, removeRealm).identity(principal))
                .isEqualTo(identity);
    }

    @Test
    void nobodyOfAnotherRealmPassesForOneOfThis() {
        assertThatThrownBy(() -> names("DEFAULT", false, true).identity("bob@THERE"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bob@THERE");
    }

    @ParameterizedTest
    @CsvSource({
        // The format alone, then with a filter, which must match all of it.
        "RULE:[1:$1], bob@THERE, bob",
        "RULE:[2:$1.$2], nn/a@THERE, nn.a",
        "RULE:[1:$1@$0](b.*@THERE)s/@.*//, bob@THERE, bob",
        "RULE:[1:$1@$0](b)s/@.*// RULE:[1:other], bob@THERE, other",
        // The first that fits counts.
        "RULE:[2:$1@$0](nn@HERE)s/.*/hdfs/ DEFAULT, nn/a@HERE, hdfs",
        "RULE:[2:$1@$0](nn@HERE)s/.*/hdfs/ DEFAULT, dn/a@HERE, dn",
        "DEFAULT RULE:[1:never], bob@HERE, bob",
        // The first occurrence, and all of them.
        "RULE:[1:$1]s/o/0/, foo@HERE, f0o",
        "RULE:[1:$1]s/o/0/g, foo@HERE, f00",
        "RULE:[1:$1]s/(f)(o+)/$2$1/, foo@HERE, oof"
    })
    @Covers("6.4.1")
    void rulesMakeTheShortName(String rules, String principal, String identity) throws IOException {
        assertThat(names(rules, true, true).identity(principal)).isEqualTo(identity);
    }

    @Test
    void hostAndRealmStandBehindTheShortName() throws IOException {
        assertThat(names("RULE:[2:$1]s/nn/hdfs/", false, false).identity("nn/a.example@HERE"))
                .isEqualTo("hdfs/a.example@HERE");
    }

    @Test
    void whatIsNoShortNameIsNobodys() {
        assertThatThrownBy(() -> names("RULE:[1:$1@$0]", true, true).identity("bob@HERE"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bob@HERE would be called bob@HERE");
        assertThatThrownBy(() -> names("RULE:[1:$1]", true, true).identity("nn/a@HERE"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none of the rules");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "DEFAULTS", "RULE:[1]", "RULE:[x:$1]", "RULE:[1:$2]", "RULE:[1:$1]s/a", "RULE:[1:$1](*)"})
    void aRuleThatCannotBeReadStopsTheStart(String rules) {
        assertThatThrownBy(() -> KerberosRules.parse(rules))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("auth-to-local");
    }
}
