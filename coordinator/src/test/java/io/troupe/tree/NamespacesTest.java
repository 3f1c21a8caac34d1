package io.troupe.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.metrics.Metrics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamespacesTest {
    private final Metrics metrics = new Metrics();
    private final Namespaces namespaces = new Namespaces(metrics, "x");

    private List<String> names() {
        List<String> names = new ArrayList<>();
        metrics.forEachSummary((name, summary) -> names.add(name + "=" + summary.sum()));
        return names;
    }

    @Test
    void pathsWithTheSameFirstPartAreAddedUp() {
        namespaces.add("/a", 1);
        namespaces.add("/a/b/c", 2);
        namespaces.add("/ab", 4);
        namespaces.add("/b/a", 8);
        assertThat(names()).containsExactly("a_x=3", "ab_x=4", "b_x=8");
    }

    @Test
    void theRootAndWhatIsNoPathBelongToNone() {
        namespaces.add("/", 1);
        namespaces.add("", 1);
        namespaces.add("a/b", 1);
        assertThat(names()).isEmpty();
        assertThat(Namespaces.of("/")).isEmpty();
        assertThat(Namespaces.of("x")).isEmpty();
        assertThat(Namespaces.of("/a/b")).isEqualTo("a");
    }

    @Test
    void namesOfTheSameHashAreToldApart() {
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        namespaces.add("/Aa", 1);
        namespaces.add("/BB", 2);
        namespaces.add("/Aa/c", 4);
        assertThat(names()).containsExactly("Aa_x=5", "BB_x=2");
    }

    @Test
    void manyNamespacesDoNotFillMemory() {
        for (int i = 0; i < 3 * Namespaces.MOST; i++) {
            namespaces.add("/n" + i, 1);
            namespaces.add("/n0/again", 1);
        }
        assertThat(names()).hasSize(Namespaces.MOST);
        assertThat(metrics.summary("n0_x").count()).isEqualTo(3 * Namespaces.MOST + 1);
    }
}
