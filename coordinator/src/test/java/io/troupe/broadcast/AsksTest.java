package io.troupe.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.broadcast.Asks.Kind;
import io.troupe.contract.Shows;
import io.troupe.link.LinkEnd;
import io.troupe.link.Links;
import org.junit.jupiter.api.Test;

class AsksTest {
    private final Asks asks = new Asks();
    private final Links links = new Links(1, 1);

    @Test
    void givesEachAnswerToTheOldestQuestionOfItsKind() {
        LinkEnd first = links.dial(2);
        LinkEnd second = links.dial(3);
        asks.asked(Kind.LOCATE, 7, first);
        asks.asked(Kind.LOCATE, 7, second);

        assertThat(asks.answered(Kind.LOCATE, 7)).isEqualTo(new Asks.Ask(7, first));
        assertThat(asks.answered(Kind.LOCATE, 7)).isEqualTo(new Asks.Ask(7, second));
    }

    @Test
    void keepsTheKindsApart() {
        LinkEnd end = links.dial(2);
        asks.asked(Kind.SAVE_META, 7, null);
        asks.asked(Kind.READ, 7, end);

        assertThat(asks.answered(Kind.READ, 7)).isEqualTo(new Asks.Ask(7, end));
        assertThat(asks.answered(Kind.SAVE_META, 7)).isEqualTo(new Asks.Ask(7, null));
    }

    @Test
    @Shows("S6")
    void voidsTheAnswerToAQuestionOfAnEarlierTermAndNoOther() {
        asks.asked(Kind.TRUNCATE, 7, null);
        asks.asked(Kind.TRUNCATE, 8, null);

        assertThat(asks.answered(Kind.TRUNCATE, 8)).isNull();
        assertThat(asks.answered(Kind.TRUNCATE, 8)).isEqualTo(new Asks.Ask(8, null));
    }

    @Test
    void doesNotAcceptAnAnswerThatNobodyAskedFor() {
        asks.asked(Kind.READ, 7, null);
        asks.answered(Kind.READ, 7);

        assertThatThrownBy(() -> asks.answered(Kind.READ, 7)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> asks.answered(Kind.RECOVER, 7)).isInstanceOf(IllegalStateException.class);
    }
}
