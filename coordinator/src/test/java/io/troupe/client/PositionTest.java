package io.troupe.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.client.Event.Change;
import io.troupe.client.Event.Kind;
import org.junit.jupiter.api.Test;

class PositionTest {
    private final Position position = new Position();

    private static Change set(String path, long zxid) {
        return new Change(Kind.DATA_CHANGED, path, zxid);
    }

    @Test
    void anEventTellsThatAllBeforeItsZxidWereTold() {
        assertThat(position.isNew(set("/a", 5))).isTrue();

        assertThat(position.complete()).isEqualTo(4);
        assertThat(position.seen()).isEqualTo(5);
        position.answered(5);
        assertThat(position.complete()).isEqualTo(5);
    }

    @Test
    void anAnswerOfThePastChangesNothing() {
        position.answered(9);
        position.answered(7);

        assertThat(position.complete()).isEqualTo(9);
    }

    @Test
    void whatWasToldOfAZxidThatTheConnectionWasLostInIsNotToldAgain() {
        position.isNew(set("/a", 5));
        position.isNew(set("/a", 5));
        position.isNew(set("/b", 5));
        position.reconnected();

        assertThat(position.isNew(set("/a", 5))).isFalse();
        assertThat(position.isNew(set("/a", 5))).isFalse();
        assertThat(position.isNew(set("/a", 5))).isTrue();
        assertThat(position.isNew(set("/b", 5))).isFalse();
        assertThat(position.isNew(set("/c", 5))).isTrue();
        assertThat(position.isNew(set("/a", 6))).isTrue();
        assertThat(position.complete()).isEqualTo(5);
    }

    @Test
    void aSecondLossInTheSameZxidCountsAllThatWasTold() {
        position.isNew(set("/a", 5));
        position.reconnected();
        position.isNew(set("/a", 5));
        position.isNew(set("/b", 5));
        position.reconnected();

        assertThat(position.isNew(set("/a", 5))).isFalse();
        assertThat(position.isNew(set("/b", 5))).isFalse();
        assertThat(position.isNew(set("/c", 5))).isTrue();
    }

    @Test
    void afterAnAnswerNothingIsTakenForARepetition() {
        position.isNew(set("/a", 5));
        position.reconnected();
        position.forgotten();

        assertThat(position.isNew(set("/a", 5))).isTrue();
    }
}
