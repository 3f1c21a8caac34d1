package io.troupe.election;

import akka.actor.testkit.typed.Effect;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import io.troupe.election.ElectionProtocol.Ballot;
import io.troupe.election.ElectionProtocol.Command;
import io.troupe.election.ElectionProtocol.Look;
import io.troupe.election.ElectionProtocol.Outcome;
import io.troupe.election.ElectionProtocol.Outdated;
import io.troupe.election.ElectionProtocol.Settle;
import io.troupe.election.ElectionProtocol.Timer;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.WireMessage;
import io.troupe.env.HandClock;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.link.SendOnlyTransport;
import io.troupe.metrics.Metrics;
import io.troupe.overview.ElectionRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The election actor of node 2 in an ensemble of three, state by state. Contract 9.1. */
abstract class ElectionRig {
    record Sent(int to, Ballot ballot) {}

    final List<Sent> sent = new ArrayList<>();
    final Ballots from = new Ballots();
    final Membership three = Ballots.voters(3);
    final TestInbox<Outcome> outcome = TestInbox.create();
    final Metrics metrics = new Metrics();
    final ElectionRecord record = new ElectionRecord(new HandClock());
    final BehaviorTestKit<Command> actor = BehaviorTestKit.create(ElectionActor.create(
            new ElectionActor.Self(2, Ballots.disk(2), Ballots.ENSEMBLE, 7),
            new ElectionSettings(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofSeconds(20)),
            new SendOnlyTransport(Recipient.ELECTION, this::onSent),
            new Notices(),
            new Settle(Role.LOOKING, 0, 0, three),
            metrics,
            record));

    final List<String> notices = new ArrayList<>();
    int heard;
    final List<Outdated> told = new ArrayList<>();

    private final class Notices implements ElectionActor.Listener {
        @Override
        public void onIsolated() {
            notices.add("isolated");
        }

        @Override
        public void onCutOff(String cause) {
            notices.add("cut off");
        }

        @Override
        public void onOutdated(long incarnation) {
            notices.add("outdated by " + incarnation);
        }

        @Override
        public void onHeard() {
            heard++;
        }
    }

    private void onSent(int node, WireMessage message) {
        if (message instanceof Outdated outdated) {
            told.add(outdated);
        } else {
            sent.add(new Sent(node, (Ballot) message));
        }
    }

    void look() {
        look(true);
    }

    void look(boolean voting) {
        actor.run(new Look(three, Ballots.candidate(2, 10), voting, List.of(1, 3), "it starts", outcome.getRef()));
    }

    /** What was sent since the last call. */
    List<Sent> sent() {
        List<Sent> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    boolean started(Timer timer, Duration delay) {
        return actor.getAllEffects().stream()
                .anyMatch(e -> e instanceof Effect.TimerScheduled<?> t
                        && t.msg() == timer
                        && t.delay().toMillis() == delay.toMillis());
    }
}
