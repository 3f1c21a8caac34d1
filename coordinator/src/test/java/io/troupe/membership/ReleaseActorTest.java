package io.troupe.membership;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.typed.ActorRef;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Release;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.PeerTransport;
import io.troupe.membership.ReleaseProtocol.Command;
import io.troupe.membership.ReleaseProtocol.MembersChanged;
import io.troupe.membership.ReleaseProtocol.Running;
import io.troupe.membership.ReleaseProtocol.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Nodes know what the others run; who cannot speak with those that are there leaves, and says what to do. */
class ReleaseActorTest {
    private static final Release OWN = new Release("2.0", 2, 3);

    private final List<String> sent = new ArrayList<>();
    private final List<Map<Integer, Release>> known = new ArrayList<>();
    private final List<String> incompatible = new ArrayList<>();
    private final BehaviorTestKit<Command> actor = BehaviorTestKit.create(ReleaseActor.create(
            of(1, 2, 3), new ReleaseActor.Surroundings(1, OWN, new Recorder(), known::add, incompatible::add)));

    private static Membership of(int... nodes) {
        List<Member> members = new ArrayList<>();
        for (int node : nodes) {
            members.add(new Member(node, "h" + node, 25520, "h" + node, 2181, 100L + node));
        }
        return new Membership("e", 1, members, null);
    }

    private final class Recorder implements PeerTransport {
        @Override
        public void address(int nodeId, String host, int port) {
            throw new AssertionError("others tell where nodes are");
        }

        @Override
        public void receiver(Recipient recipient, ActorRef<? extends Object> ref) {
            throw new AssertionError("the guardian registers receivers");
        }

        @Override
        public void send(int nodeId, Recipient recipient, WireMessage message) {
            sent.add(nodeId + " " + recipient + " " + message);
        }

        @Override
        public void send(String host, int port, Recipient recipient, WireMessage message) {
            throw new AssertionError("members are known by their ids");
        }
    }

    private void hear(int node, Release release) {
        actor.run(new Running(node, release));
    }

    private Map<Integer, Release> latest() {
        return known.get(known.size() - 1);
    }

    @Test
    void tellsAllOthersAndRemembersWhatTheyTell() {
        actor.run(Timer.TELL);
        String told = " RELEASE " + new Running(1, OWN);
        assertThat(sent).containsExactly("2" + told, "3" + told);

        hear(2, OWN);

        assertThat(latest()).isEqualTo(Map.of(1, OWN, 2, OWN));
        assertThat(actor.getAllLogEntries()).isEmpty();
    }

    @Test
    void otherReleasesWithAProtocolInCommonAreToldOnce() {
        hear(2, new Release("1.9", 1, 2));
        hear(2, new Release("1.9", 1, 2));

        assertThat(incompatible).isEmpty();
        assertThat(actor.getAllLogEntries()).singleElement().satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(Level.INFO);
            assertThat(entry.message())
                    .contains("node 2 runs Troupe 1.9 (protocols 1 to 2), this node 2.0 (protocols 2 to 3)");
        });
    }

    @Test
    void theLaterOfTwoThatCannotSpeakWithEachOtherLeaves() {
        hear(2, new Release("1.0", 1, 1));

        assertThat(incompatible)
                .singleElement()
                .asString()
                .contains("node 2 runs Troupe 1.0")
                .contains("Upgrade the others first to a release that speaks protocol 2");
    }

    @Test
    void theEarlierStaysAndSaysWhyTheOtherLeaves() {
        hear(2, new Release("9.0", 8, 9));

        assertThat(incompatible).isEmpty();
        assertThat(actor.getAllLogEntries()).singleElement().satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(Level.ERROR);
            assertThat(entry.message()).contains("node 2 ends by itself").contains("protocol 8");
        });
    }

    @Test
    void onlyMembersAreHeard() {
        hear(9, new Release("1.0", 1, 1));
        assertThat(incompatible).isEmpty();

        hear(3, OWN);
        actor.run(new MembersChanged(of(1, 2)));

        assertThat(latest()).isEqualTo(Map.of(1, OWN));
    }
}
