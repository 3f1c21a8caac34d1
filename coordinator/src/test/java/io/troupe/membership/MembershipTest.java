package io.troupe.membership;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.typed.ActorRef;
import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.membership.MembershipProtocol.AskId;
import io.troupe.membership.MembershipProtocol.Command;
import io.troupe.membership.MembershipProtocol.Hello;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node beside an ensemble, by itself, and what it says to whom. Architecture section 6. */
abstract class MembershipTest {
    static final List<String> SEEDS = List.of("h1:25520", "h2:25520", "h3:25520");
    static final Membership EXISTING = new Membership("existing", 0, List.of(voter(1), voter(2), voter(3)), null);

    record Sent(int to, Hello hello) {}

    record Answer(String place, Recipient recipient, WireMessage message) {}

    final List<Sent> sent = new ArrayList<>();
    final List<String> learned = new ArrayList<>();
    final List<Membership> joined = new ArrayList<>();
    final List<Answer> answers = new ArrayList<>();
    final List<AskId> passedOn = new ArrayList<>();
    final List<String> idTaken = new ArrayList<>();
    final List<Membership> later = new ArrayList<>();
    int leader;

    @Nullable
    ImportedHistory imported;

    static Member voter(int node) {
        return new Member(node, "h" + node, 25520, "h" + node, 2181, 100L + node);
    }

    /** One that knows no members, or belongs. */
    final BehaviorTestKit<Command> node(int id, @Nullable Membership member) {
        return at(voter(id), member, SEEDS);
    }

    /** One without a vote. */
    final BehaviorTestKit<Command> observer(int id, @Nullable Membership member) {
        return at(voter(id).asObserver(), member, SEEDS);
    }

    /** One at a place, with a seed list of its own. */
    final BehaviorTestKit<Command> at(Member self, @Nullable Membership member, List<String> seeds) {
        return started(self, member, seeds, List.of(1, 2, 3));
    }

    /** One whose seed list stands for these ids. */
    final BehaviorTestKit<Command> started(
            Member self, @Nullable Membership member, List<String> seeds, List<Integer> ids) {
        BehaviorTestKit<Command> actor = BehaviorTestKit.create(MembershipActor.create(new MembershipActor.Surroundings(
                self,
                seeds,
                ids,
                member,
                imported,
                () -> 0xfeedL,
                new Recorder(),
                joined::add,
                () -> leader,
                later::add,
                idTaken::add)));
        // What it tells itself at its start.
        actor.selfInbox().getAllReceived().forEach(actor::run);
        return actor;
    }

    private final class Recorder implements PeerTransport {
        @Override
        public void address(int nodeId, String host, int port) {
            learned.add(nodeId + " at " + host + ":" + port);
        }

        @Override
        public void receiver(Recipient recipient, ActorRef<? extends Object> ref) {
            throw new AssertionError("the guardian registers receivers");
        }

        @Override
        public void send(int nodeId, Recipient recipient, WireMessage message) {
            assertThat(recipient).isEqualTo(Recipient.MEMBERSHIP);
            if (message instanceof AskId ask) {
                assertThat(nodeId).as("only the leader is asked").isEqualTo(leader);
                passedOn.add(ask);
            } else {
                sent.add(new Sent(nodeId, (Hello) message));
            }
        }

        @Override
        public void send(String host, int port, Recipient recipient, WireMessage message) {
            answers.add(new Answer(host + ":" + port, recipient, message));
        }
    }

    static Hello empty(int node) {
        return new Hello(voter(node), SEEDS, null);
    }

    static Hello member(int node) {
        return new Hello(voter(node), SEEDS, EXISTING);
    }

    static Hello observing(int id) {
        return new Hello(voter(id).asObserver(), SEEDS, null);
    }

    static Member moved(int node) {
        return voter(node).at(new Member(node, "new" + node, 25520, "new" + node, 2181, 0));
    }

    static Membership version(long version, Member... members) {
        return new Membership(EXISTING.ensembleId(), version, List.of(members), null);
    }
}
