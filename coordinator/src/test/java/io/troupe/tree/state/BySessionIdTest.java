package io.troupe.tree.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table beside a {@link HashMap}, through thousands of steps: it knows the same, grown, shrunk and full of gaps. */
class BySessionIdTest {
    private static final int STEPS = 200_000;

    private final BySessionId<Session> table = new BySessionId<>(Session::id);
    private final Map<Long, Session> model = new HashMap<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100, 5_000})
    void idsInARow(int idsInUse) {
        run(idsInUse, number -> 0x100_0000_0000_0000L + number);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100})
    void idsThatDifferInTheirHighestBitsAlone(int idsInUse) {
        run(idsInUse, number -> number << 56);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 5_000})
    void anyIds(int idsInUse) {
        run(idsInUse, number -> new Random(number).nextLong());
    }

    private void run(int idsInUse, LongUnaryOperator idOf) {
        Random random = new Random(idsInUse);
        for (int step = 0; step < STEPS; step++) {
            // In turns there is rather more to come and rather more to go, so that it grows and shrinks.
            boolean growing = step / (4 * idsInUse) % 2 == 0;
            long id = idOf.applyAsLong(random.nextInt(idsInUse));
            if (random.nextInt(5) < (growing ? 4 : 1)) {
                Session session = new Session(id, step, 1);
                assertThat(table.put(session)).isSameAs(model.put(id, session));
            } else {
                assertThat(table.remove(id)).isSameAs(model.remove(id));
            }
            long other = idOf.applyAsLong(random.nextInt(idsInUse));
            assertThat(table.get(other)).isSameAs(model.get(other));
            assertThat(table.size()).isEqualTo(model.size());
        }
        assertThat(table.all()).containsExactlyInAnyOrderElementsOf(model.values());
        List<Session> seen = new ArrayList<>();
        table.forEach(seen::add);
        assertThat(seen).isEqualTo(table.all());
        table.clear();
        assertThat(table.all()).isEmpty();
    }
}
