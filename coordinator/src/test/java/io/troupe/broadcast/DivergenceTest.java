package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.broadcast.PeerMessage.TakeTreeAnew;
import io.troupe.broadcast.PeerMessage.TreeDiffers;
import io.troupe.tree.DataTreeProtocol.Divergence;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Trees that should be the same are not: whose is wrong, and who takes it anew. Decision 022. */
class DivergenceTest extends FollowerRig {
    private static final Divergence FOUND = new Divergence(LAST, 0xa, 0xb);
    private static final TreeDiffers TOLD = new TreeDiffers(zxid(1, 1), 0xa);
    private static final Duration TIME_TO_JUDGE = Duration.ofMillis(1100);

    // ---- who follows ----

    @Test
    void aFollowerAsksItsLeaderAndGoesOnWithItsLog() {
        following5();

        rig().diverged(FOUND);
        peer(2).says(propose(0, LAST));
        rig().durable(zxid(5, 1));

        assertThat(peer(2).hearsAll()).containsExactly(new TreeDiffers(LAST, 0xa), new Ack(zxid(5, 1)));
        assertThat(rig().distrusted).isEmpty();
        assertThat(rig().phase()).isEqualTo("following");
    }

    @Test
    void aFollowerGivesUpWhatItHoldsWhenItsLeaderSaysSo() {
        following5();
        rig().diverged(FOUND);

        peer(2).says(new TakeTreeAnew());

        assertThat(rig().distrusted).containsExactly(FOUND.toString());
    }

    @Test
    void aFollowerWhoseLeaderOpensTheNextEpochInsteadOfAnsweringLeavesIt() {
        following5();
        rig().diverged(FOUND);

        peer(2).says(new NewEpoch(6));

        assertThat(rig().phase()).isEqualTo("looking");
        assertThat(rig().distrusted).isEmpty();
    }

    @Test
    void aFollowerThatIsBetweenTwoEpochsOfItsLeaderLeavesIt() {
        following5();
        peer(2).says(new NewEpoch(6));

        rig().diverged(FOUND);

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void whoHasNoLeaderWaitsForItsTreeToStartAgain() {
        looking(HISTORY);
        rig().election.forget();

        rig().diverged(FOUND);

        assertThat(rig().phase()).isEqualTo("looking");
        assertThat(rig().election.messages()).isEmpty();
        assertThat(rig().distrusted).isEmpty();
    }

    // ---- who leads ----

    @Test
    void aLeaderTellsTheOneThatDiffersToTakeItsTreeAnew() {
        leading(Past.EMPTY.among(Samples.THREE));
        joinsLate(peer(3), 1, 0);

        peer(3).says(TOLD);
        peer(3).hearsNothing();
        rig().pass(TIME_TO_JUDGE);

        assertThat(peer(3).hearsAll()).containsExactly(new TakeTreeAnew());
        peer(2).hearsNothing();
        assertThat(rig().distrusted).isEmpty();
    }

    @Test
    void aLeaderGivesUpItsOwnTreeWhenAQuorumHasAnother() {
        leading(Past.EMPTY.among(Samples.THREE));
        joinsLate(peer(3), 1, 0);

        peer(2).says(TOLD);
        peer(3).says(TOLD);
        rig().pass(TIME_TO_JUDGE);

        assertThat(rig().distrusted).singleElement().asString().contains("from that of nodes [2, 3]");
        peer(2).hearsNothing();
        peer(3).hearsNothing();
    }

    @Test
    void treesThatDifferFromEachOtherTooSayNothingAgainstTheLeaders() {
        leading(Past.EMPTY.among(Samples.THREE));
        joinsLate(peer(3), 1, 0);

        peer(2).says(TOLD);
        peer(3).says(new TreeDiffers(zxid(1, 1), 0xc));
        rig().pass(TIME_TO_JUDGE);

        assertThat(rig().distrusted).isEmpty();
        assertThat(peer(2).hearsAll()).containsExactly(new TakeTreeAnew());
        assertThat(peer(3).hearsAll()).containsExactly(new TakeTreeAnew());
    }

    @Test
    void aDiskThatDoesNotCountSaysNothingAgainstTheLeadersTree() {
        leading(Past.EMPTY.among(Samples.THREE));
        joinsLate(peer(3).withDisk(999), 1, 0);
        peer(2).says(TOLD);
        peer(3).says(TOLD);
        rig().pass(TIME_TO_JUDGE);

        assertThat(rig().distrusted).isEmpty();
        assertThat(peer(3).hearsAll()).contains(new TakeTreeAnew());
    }

    @Test
    void whoseConnectionIsGoneIsNotCounted() {
        leading(Past.EMPTY.among(Samples.THREE));
        joinsLate(peer(3), 1, 0);

        peer(2).says(TOLD);
        peer(3).says(TOLD);
        peer(2).resets();
        rig().pass(TIME_TO_JUDGE);

        assertThat(rig().distrusted).isEmpty();
        assertThat(peer(3).hearsAll()).containsExactly(new TakeTreeAnew());
    }
}
