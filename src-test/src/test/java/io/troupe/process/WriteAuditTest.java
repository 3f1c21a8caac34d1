package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.process.TreeDump.Image;
import java.util.List;
import java.util.TreeMap;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The audit finds each kind of damage that it exists to find. */
class WriteAuditTest {
    private final WriteHistory history = new WriteHistory();
    private final TreeMap<String, Image> tree = new TreeMap<>();
    private final Writer writer = new Writer("w", "/base", "nowhere", 1, history);

    @BeforeEach
    void threeWritesOfWhichTheSecondWasNotAnswered() {
        for (var number = 1; number <= 3; number++) {
            history.trying("w " + number);
            put("/base/w/n-000000000" + number, "w " + number, 0);
        }
        history.created("w 1", "/base/w/n-0000000001");
        history.created("w 3", "/base/w/n-0000000003");
        history.trying("w register 1");
        history.trying("w register 2");
        history.changed("w register 1", 1);
        put("/base/register-w", "w register 2", 2);
    }

    @Test
    void aSoundTreePasses() {
        assertThat(findings()).isEmpty();
        tree.remove("/base/w/n-0000000002");
        put("/base/register-w", "w register 1", 1);
        assertThat(findings()).as("unanswered writes may be absent").isEmpty();
    }

    @Test
    void aLostWriteIsFound() {
        tree.remove("/base/w/n-0000000003");
        assertThat(findings()).singleElement().asString().startsWith("lost: 'w 3'");
    }

    @Test
    void anotherValueInTheAcknowledgedPlaceIsFound() {
        put("/base/w/n-0000000003", "w 2", 0);
        assertThat(findings()).anyMatch(finding -> finding.startsWith("overwritten: /base/w/n-0000000003"));
    }

    @Test
    void aWriteExecutedTwiceIsFound() {
        put("/base/w/n-0000000004", "w 3", 0);
        assertThat(findings()).singleElement().asString().startsWith("twice: 'w 3'");
    }

    @Test
    void aWriteThatNobodyTriedIsFound() {
        put("/base/w/n-0000000004", "w 9", 0);
        assertThat(findings()).singleElement().asString().startsWith("nobody's: 'w 9'");
    }

    @Test
    void aWriteOutOfOrderIsFound() {
        tree.remove("/base/w/n-0000000002");
        put("/base/w/n-0000000004", "w 2", 0);
        assertThat(findings()).singleElement().asString().startsWith("out of order: 'w 2'");
    }

    @Test
    void aRegisterChangedTooOftenIsFound() {
        put("/base/register-w", "w register 2", 3);
        assertThat(findings()).singleElement().asString().startsWith("twice: /base/register-w");
    }

    @Test
    void aRegisterThatLostItsLastChangeIsFound() {
        put("/base/register-w", "none 0", 0);
        assertThat(findings()).hasSize(2).allMatch(finding -> finding.startsWith("lost: /base/register-w"));
    }

    @Test
    void changesOfARegisterInTheWrongOrderAreFound() {
        history.changed("w register 2", 1);
        assertThat(findings()).singleElement().asString().startsWith("out of order: 'w register 2'");
    }

    private List<String> findings() {
        return new WriteAudit(history, tree).findings(List.of(writer));
    }

    private void put(String path, String data, int version) {
        var stat = new Stat();
        stat.setVersion(version);
        tree.put(path, new Image(data, stat));
    }
}
