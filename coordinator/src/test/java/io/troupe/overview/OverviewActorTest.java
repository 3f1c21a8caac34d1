package io.troupe.overview;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.WireMessage;
import io.troupe.env.HandClock;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.link.SendOnlyTransport;
import io.troupe.overview.OverviewProtocol.Answer;
import io.troupe.overview.OverviewProtocol.AskAgain;
import io.troupe.overview.OverviewProtocol.Command;
import io.troupe.overview.OverviewProtocol.Question;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Node 1 of three: nodes ask each other while somebody looks on, and tell members alone. */
class OverviewActorTest {
    private static final byte[] TEXT = "node 1".getBytes(StandardCharsets.UTF_8);

    private record Sent(int to, WireMessage message) {}

    private final HandClock clock = new HandClock();
    private final Overview overview = new Overview(clock);
    private final List<Sent> sent = new ArrayList<>();
    private final Membership three = new Membership(
            "e",
            0,
            IntStream.rangeClosed(1, 3)
                    .mapToObj(node -> new Member(node, "h" + node, 25520, "h" + node, 2181, node))
                    .toList(),
            null);
    private final BehaviorTestKit<Command> actor = BehaviorTestKit.create(OverviewActor.create(
            1,
            new SendOnlyTransport(Recipient.OVERVIEW, (node, message) -> sent.add(new Sent(node, message))),
            () -> three,
            overview));

    private List<Sent> sent() {
        List<Sent> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    /** Somebody looks on; what that told the actor happens. */
    private void look() {
        overview.others();
        while (actor.selfInbox().hasMessages()) {
            actor.run(actor.selfInbox().receiveMessage());
        }
    }

    @Test
    void while_nobody_looks_on_nobody_is_asked() {
        actor.run(new AskAgain());

        assertThat(sent()).isEmpty();
    }

    @Test
    void whoever_looks_on_has_the_others_asked_at_once_and_again_while_he_does() {
        look();
        assertThat(sent()).containsExactly(new Sent(2, new Question(1, "e")), new Sent(3, new Question(1, "e")));

        look();
        assertThat(sent()).isEmpty();
        actor.run(new AskAgain());
        assertThat(sent()).hasSize(2);

        clock.pass(Overview.INTEREST_MILLIS);
        actor.run(new AskAgain());
        assertThat(sent()).isEmpty();

        look();
        assertThat(sent()).hasSize(2);
    }

    @Test
    void an_answer_is_there_for_those_who_look_on_with_its_time() {
        look();
        actor.run(new Answer(3, "e", TEXT));

        assertThat(overview.others())
                .hasEntrySatisfying(3, description -> {
                    assertThat(description.text()).isEqualTo(TEXT);
                    assertThat(description.atMillis()).isEqualTo(clock.monotonicMillis());
                })
                .hasSize(1);
    }

    @Test
    void what_was_said_before_an_interruption_is_forgotten() {
        look();
        actor.run(new Answer(3, "e", TEXT));
        clock.pass(Overview.INTEREST_MILLIS);

        assertThat(overview.others()).isEmpty();
        assertThat(overview.askedSince()).isEqualTo(clock.monotonicMillis());
    }

    @Test
    void a_member_is_told_what_the_process_says_of_itself() {
        overview.describe(() -> TEXT);
        actor.run(new Question(2, "e"));

        assertThat(sent()).singleElement().satisfies(answer -> {
            assertThat(answer.to()).isEqualTo(2);
            assertThat(((Answer) answer.message()).text()).isEqualTo(TEXT);
        });
    }

    @Test
    void strangers_and_other_ensembles_are_neither_told_nor_believed() {
        actor.run(new Question(4, "e"));
        actor.run(new Question(2, "another"));
        actor.run(new Answer(4, "e", TEXT));
        actor.run(new Answer(2, "another", TEXT));

        assertThat(sent()).isEmpty();
        assertThat(overview.others()).isEmpty();
    }
}
