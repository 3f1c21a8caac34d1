package io.troupe.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Shows;
import io.troupe.link.Links.Receipt;
import org.junit.jupiter.api.Test;

/** Connections over a network that loses, repeats, delays and reorders: what TCP would have promised. */
class LinksTest {
    private static final long OURS = 50;
    private static final long THEIRS = 70;

    /** Node 1; it dials. */
    private final Links dialer = new Links(1, OURS);
    /** Node 2; it is dialed. */
    private final Links dialed = new Links(2, THEIRS);

    private static Receipt.Deliver delivered(Receipt receipt) {
        assertThat(receipt).isInstanceOf(Receipt.Deliver.class);
        return (Receipt.Deliver) receipt;
    }

    private Receipt send(LinkEnd end) {
        return dialed.receive(1, OURS, end.id(), end.nextToSend());
    }

    @Test
    void the_first_message_opens_the_connection_and_the_next_ones_follow_in_order() {
        LinkEnd end = dialer.dial(2);

        assertThat(delivered(send(end)).opened()).isTrue();
        assertThat(delivered(send(end)).opened()).isFalse();
        assertThat(dialed.open()).singleElement().satisfies(other -> {
            assertThat(other.peer()).isEqualTo(1);
            assertThat(other.id()).isEqualTo(end.id());
            assertThat(other.lastReceived()).isEqualTo(2);
        });
    }

    @Test
    void answers_are_numbered_by_themselves() {
        LinkEnd end = dialer.dial(2);
        LinkEnd answering = delivered(send(end)).end();

        assertThat(delivered(dialer.receive(2, THEIRS, end.id(), answering.nextToSend()))
                        .end())
                .isSameAs(end);
        assertThat(end.peerIncarnation()).isEqualTo(THEIRS);
    }

    @Test
    void a_repeated_message_is_dropped() {
        LinkEnd end = dialer.dial(2);
        send(end);
        send(end);

        assertThat(dialed.receive(1, OURS, end.id(), 2)).isInstanceOf(Receipt.Drop.class);
        assertThat(delivered(send(end)).end().lastReceived()).isEqualTo(3);
    }

    @Test
    @Shows("S5")
    void a_gap_breaks_the_connection_for_good() {
        LinkEnd end = dialer.dial(2);
        LinkEnd other = delivered(send(end)).end();
        end.nextToSend();

        assertThat(send(end)).isEqualTo(new Receipt.Broken(other));
        assertThat(other.open()).isFalse();
        assertThat(dialed.open()).isEmpty();
        assertThat(send(end)).as("what comes after it").isInstanceOf(Receipt.Refuse.class);
        assertThat(dialed.receive(1, OURS, end.id(), 1))
                .as("its first message, late")
                .isInstanceOf(Receipt.Refuse.class);
    }

    @Test
    void a_connection_whose_first_message_was_lost_is_refused() {
        LinkEnd end = dialer.dial(2);
        end.nextToSend();

        assertThat(send(end)).isInstanceOf(Receipt.Refuse.class);
    }

    @Test
    void a_new_connection_replaces_the_old_one_whose_late_messages_are_dropped() {
        LinkEnd first = dialer.dial(2);
        LinkEnd firstThere = delivered(send(first)).end();
        LinkEnd second = dialer.dial(2);

        assertThat(first.open()).isFalse();
        assertThat(delivered(send(second)).opened()).isTrue();
        assertThat(firstThere.open()).isFalse();
        assertThat(send(first)).isInstanceOf(Receipt.Drop.class);
        assertThat(dialed.open()).hasSize(1);
    }

    @Test
    void messages_of_a_dead_process_do_not_disturb_the_connection_of_its_successor() {
        LinkEnd before = dialer.dial(2);
        Links restarted = new Links(1, OURS + 1);
        LinkEnd now = restarted.dial(2);
        delivered(dialed.receive(1, OURS + 1, now.id(), now.nextToSend()));

        assertThat(send(before)).isInstanceOf(Receipt.Drop.class);
        assertThat(dialed.open())
                .singleElement()
                .satisfies(end -> assertThat(end.open()).isTrue());
    }

    @Test
    void an_answer_of_a_restarted_peer_breaks_the_connection_it_cannot_know() {
        LinkEnd end = dialer.dial(2);
        LinkEnd there = delivered(send(end)).end();
        delivered(dialer.receive(2, THEIRS, end.id(), there.nextToSend()));

        assertThat(dialer.receive(2, THEIRS + 1, end.id(), 2)).isEqualTo(new Receipt.Broken(end));
    }

    @Test
    void an_answer_on_a_connection_that_we_have_given_up_is_refused() {
        LinkEnd end = dialer.dial(2);
        dialer.close(end);

        assertThat(dialer.receive(2, THEIRS, end.id(), 1)).isInstanceOf(Receipt.Refuse.class);
    }

    @Test
    void an_answer_to_an_earlier_life_of_ours_is_dropped() {
        assertThat(dialer.receive(2, THEIRS, new ConnectionId(1, OURS - 1, 1), 1))
                .isInstanceOf(Receipt.Drop.class);
    }

    @Test
    void a_reset_closes_the_connection_it_names_and_no_other() {
        LinkEnd first = dialer.dial(2);
        LinkEnd second = dialer.dial(2);

        assertThat(dialer.reset(2, first.id())).isNull();
        assertThat(second.open()).isTrue();
        assertThat(dialer.reset(2, second.id())).isSameAs(second);
        assertThat(second.open()).isFalse();
        assertThat(dialer.reset(2, second.id())).isNull();
    }

    @Test
    void a_last_message_that_never_came_is_missed_when_two_beats_in_a_row_name_it() {
        LinkEnd end = dialer.dial(2);
        LinkEnd there = delivered(send(end)).end();
        end.nextToSend();

        assertThat(dialed.position(1, end.id(), end.lastSent()))
                .as("it may be on its way")
                .isNull();
        assertThat(dialed.position(1, end.id(), end.lastSent())).isSameAs(there);
        assertThat(there.open()).isFalse();
    }

    /** The reset with which it said so was lost. */
    @Test
    void a_connection_that_the_peer_names_no_longer_ends_after_three_beats() {
        LinkEnd end = dialer.dial(2);
        LinkEnd there = delivered(send(end)).end();

        assertThat(dialed.position(1, null, 0)).as("it may be older").isNull();
        assertThat(dialed.position(1, new ConnectionId(1, OURS, 99), 0)).isNull();
        assertThat(dialed.position(1, null, 0)).isSameAs(there);
        assertThat(there.open()).isFalse();
    }

    @Test
    void a_beat_that_names_the_connection_refutes_those_before_it() {
        LinkEnd end = dialer.dial(2);
        LinkEnd there = delivered(send(end)).end();

        for (int i = 0; i < 5; i++) {
            assertThat(dialed.position(1, null, 0)).isNull();
            assertThat(dialed.position(1, null, 0)).isNull();
            assertThat(dialed.position(1, end.id(), end.lastSent())).isNull();
        }
        assertThat(there.open()).isTrue();
    }

    @Test
    void a_connection_on_which_nothing_has_come_yet_is_not_missed() {
        LinkEnd end = dialer.dial(2);

        for (int i = 0; i < 5; i++) {
            assertThat(dialer.position(2, null, 0)).isNull();
        }
        assertThat(end.open()).isTrue();
    }

    @Test
    void progress_between_two_beats_is_no_loss() {
        LinkEnd end = dialer.dial(2);
        LinkEnd there = delivered(send(end)).end();

        for (int i = 0; i < 5; i++) {
            long number = end.nextToSend();
            assertThat(dialed.position(1, end.id(), end.lastSent())).isNull();
            delivered(dialed.receive(1, OURS, end.id(), number));
        }
        assertThat(there.open()).isTrue();
    }

    @Test
    void a_closed_end_takes_nothing_back_with_it() {
        LinkEnd toTwo = dialer.dial(2);
        LinkEnd toThree = dialer.dial(3);
        dialer.close(toTwo);

        assertThat(dialer.open()).containsExactly(toThree);
        dialer.closeAll();
        assertThat(toThree.open()).isFalse();
        assertThat(dialer.open()).isEmpty();
    }
}
