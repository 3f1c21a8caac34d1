package io.troupe.recipes;

import static io.troupe.recipes.Rig.failure;
import static io.troupe.recipes.Rig.get;
import static io.troupe.recipes.Rig.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.client.CoordinatorException;
import io.troupe.recipes.ConfigValue.Codec;
import io.troupe.recipes.Rig.Party;
import io.troupe.request.CreateMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values with their history, with real nodes. */
class ConfigValueTest {
    @TempDir
    static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(directory);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static final Codec<Integer> NUMBER = new Codec<>() {
        @Override
        public byte[] write(Integer value) {
            return Integer.toString(value).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Integer read(byte[] bytes) {
            return Integer.valueOf(new String(bytes, StandardCharsets.UTF_8));
        }
    };

    @Test
    void aValueIsToldAndGoesBack() {
        Party party = rig.party();
        ConfigValue<Integer> value = party.recipes().config("/config/deep/limit", NUMBER);
        List<Integer> seen = new CopyOnWriteArrayList<>();
        value.changes().runForeach(version -> seen.add(version.value()), party.system());
        assertThat(get(value.get())).isEmpty();
        assertThat(get(value.history())).isEmpty();

        assertThat(get(value.set(10))).isZero();
        // Several changes may be told as one.
        patiently().until(() -> seen.contains(10));
        assertThat(get(value.set(20))).isEqualTo(1);
        ConfigValue.Version<Integer> now = get(value.get()).orElseThrow();
        assertThat(now.value()).isEqualTo(20);
        assertThat(get(value.rollback(0))).isEqualTo(2);

        ConfigValue.Version<Integer> back = get(value.get()).orElseThrow();
        assertThat(back.value()).isEqualTo(10);
        assertThat(back.token()).isGreaterThan(now.token());
        assertThat(get(value.history())).containsExactly(0, 1, 2);
        assertThat(get(value.at(1))).isEqualTo(20);
        assertThat(failure(value.rollback(7))).isInstanceOf(CoordinatorException.NoNode.class);
        get(party.session().setData("/config/deep/limit", NUMBER.write(30)));
        patiently().until(() -> seen.contains(30));
        assertThat(seen).startsWith(10).endsWith(30);
    }

    @Test
    void aChangeOfAnotherVersionIsRefused() {
        ConfigValue<Integer> value = rig.party().recipes().config("/config/refused", NUMBER);
        assertThat(get(value.set(1, -1))).isZero();
        assertThat(failure(value.set(2, -1))).isInstanceOf(CoordinatorException.BadVersion.class);
        assertThat(get(value.set(3, 0))).isEqualTo(1);
        assertThat(failure(value.set(4, 0))).isInstanceOf(CoordinatorException.BadVersion.class);
        assertThat(get(value.get()).orElseThrow().value()).isEqualTo(3);
    }

    @Test
    void aZnodeOfSomebodyElseBecomesOne() {
        Party party = rig.party();
        get(party.session().create("/theirs", NUMBER.write(1), CreateMode.PERSISTENT));
        ConfigValue<Integer> value = party.recipes().config("/theirs", NUMBER);

        assertThat(get(value.get()).orElseThrow().value()).isEqualTo(1);
        assertThat(get(value.set(2))).isEqualTo(1);
        assertThat(get(value.history())).containsExactly(1);
        get(party.session().setData("/theirs", new byte[] {'x'}));
        assertThat(failure(value.get())).isInstanceOf(NumberFormatException.class);
    }

    @Test
    void allChangesAreKeptUpToABound() {
        List<CompletionStage<Integer>> changes = new ArrayList<>();
        for (int who = 0; who < 3; who++) {
            ConfigValue<Integer> value = rig.party().recipes().config("/config/many", NUMBER);
            for (int i = 0; i < 20; i++) {
                changes.add(value.set(i));
            }
        }

        List<Integer> versions = changes.stream().map(Rig::get).toList();

        assertThat(versions).hasSize(60).doesNotHaveDuplicates();
        ConfigValue<Integer> value = rig.party().recipes().config("/config/many", NUMBER);
        patiently()
                .untilAsserted(() -> assertThat(get(value.history()))
                        .hasSize(50)
                        .startsWith(10)
                        .endsWith(59));
    }

    @Test
    void aLostAnswerChangesItOnce() {
        Party party = rig.party(Duration.ofSeconds(6));
        ConfigValue<String> value = party.recipes().config("/config/lost", Codec.TEXT);
        for (int i = 0; i < 4; i++) {
            if (i % 2 == 0) {
                party.network().loseOneToClient();
            } else {
                party.network().loseOneToNode();
            }
            assertThat(get(value.set("value " + i))).isEqualTo(i);
        }
        assertThat(get(value.history())).containsExactly(0, 1, 2, 3);
    }
}
