package io.troupe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;

/** How the extension behaves inside test classes that use it, which are run here from within. */
class ExtensionTest {
    private static final Set<TroupeEnsemble> SEEN = ConcurrentHashMap.newKeySet();

    private static Set<TroupeEnsemble> ensemblesOf(Class<?> tests) {
        SEEN.clear();
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .configurationParameter("junit.jupiter.conditions.deactivate", "*")
                .execute()
                .testEvents()
                .assertStatistics(counts -> counts.succeeded(2).failed(0));
        return new HashSet<>(SEEN);
    }

    @Test
    void in_a_static_field_it_is_one_for_all_tests_and_whole_before_each() {
        assertThat(ensemblesOf(Shared.class)).singleElement().satisfies(ExtensionTest::isClosed);
    }

    @Test
    void in_an_instance_field_it_is_another_for_each_test() {
        assertThat(ensemblesOf(OneEach.class)).hasSize(2).allSatisfy(ExtensionTest::isClosed);
    }

    @Test
    void named_on_the_class_it_has_three_nodes() {
        assertThat(ensemblesOf(Named.class)).singleElement().satisfies(ensemble -> {
            assertThat(ensemble.nodes()).hasSize(3);
            isClosed(ensemble);
        });
    }

    private static void isClosed(TroupeEnsemble ensemble) {
        assertThat(ensemble.nodes()).allMatch(node -> !ensemble.runs(node));
    }

    static class Shared {
        @RegisterExtension
        static final TroupeExtension TROUPE = TroupeExtension.of(3);

        @Test
        void one(TroupeEnsemble ensemble) {
            breakSomeOf(ensemble);
        }

        @Test
        void another(TroupeEnsemble ensemble) {
            breakSomeOf(ensemble);
        }

        /** Fails in the second test unless the first one's damage is repaired. */
        private static void breakSomeOf(TroupeEnsemble ensemble) {
            SEEN.add(ensemble);
            await().atMost(Waiting.PATIENCE).until(() -> ensemble.followers().size() == 2);
            ensemble.partition(2);
            ensemble.kill(1);
        }
    }

    static class OneEach {
        @RegisterExtension
        final TroupeExtension troupe = TroupeExtension.of(1);

        @BeforeEach
        void see(TroupeEnsemble ensemble) {
            SEEN.add(ensemble);
        }

        @Test
        void one(TroupeEnsemble ensemble) {
            assertThat(SEEN).contains(ensemble);
            ensemble.kill(1);
        }

        @Test
        void another(TroupeEnsemble ensemble) {
            assertThat(SEEN).contains(ensemble);
            assertThat(ensemble.leader()).isEqualTo(1);
        }
    }

    @ExtendWith(TroupeExtension.class)
    static class Named {
        Named(TroupeEnsemble ensemble) {
            SEEN.add(ensemble);
        }

        @Test
        void one(TroupeEnsemble ensemble) {
            assertThat(SEEN).containsExactly(ensemble);
        }

        @Test
        void another(TroupeEnsemble ensemble) {
            assertThat(SEEN).containsExactly(ensemble);
        }
    }
}
