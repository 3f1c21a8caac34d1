package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.metrics.Summary;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the phases count (contract 7.2), seen from outside. Node 1 leads or is led; node 2 is the other. */
class BroadcastMetricsTest extends PhaseTest {
    private long counted(String name) {
        return rig().metrics.counter(name).value();
    }

    private Summary summary(String name) {
        return rig().metrics.summary(name);
    }

    private long gauge(String name) {
        return rig().metrics.gauge(name);
    }

    @Test
    void a_leader_counts_requests_and_measures_how_long_their_quorum_took() {
        leading();
        rig().submit(Samples.writes(1, 3));
        rig().pass(Rig.SOON);
        assertThat(counted("proposal_count")).isEqualTo(3);
        assertThat(counted("commit_count")).isZero();

        rig().passShortly(Duration.ofMillis(7));
        peer(2).says(new Ack(zxid(1, 3)));
        rig().durable(zxid(1, 3));

        assertThat(counted("commit_count")).isEqualTo(3);
        Summary acks = rig().metrics.distribution("quorum_ack_latency");
        assertThat(acks.count()).isEqualTo(1);
        assertThat(acks.greatest()).isBetween(7L, 7 + Rig.SOON.toMillis());
        Summary ofTwo = rig().metrics.distribution("2_ack_latency");
        assertThat(ofTwo.count()).isEqualTo(1);
        assertThat(ofTwo.greatest()).isBetween(7L, 7 + Rig.SOON.toMillis());
        assertThat(counted("learner_proposal_received_count")).isZero();
        assertThat(gauge("2_troupe_acked_zxid")).isEqualTo(zxid(1, 3));
    }

    @Test
    void a_leader_shows_who_follows_it_and_for_how_long_it_has_led() {
        leading();
        assertThat(gauge("learners")).isEqualTo(1);
        assertThat(gauge("synced_followers")).isEqualTo(1);
        joinsLate(peer(3), 1, 0);
        assertThat(gauge("learners")).isEqualTo(2);
        assertThat(gauge("synced_followers")).isEqualTo(2);
        assertThat(gauge("synced_observers")).isZero();
        assertThat(counted("diff_count")).isEqualTo(2);
        assertThat(counted("snap_count")).isZero();

        long before = gauge("leader_uptime");
        rig().passShortly(Duration.ofMillis(50));
        assertThat(gauge("leader_uptime")).isEqualTo(before + 50);
    }

    @Test
    void looking_again_is_counted_and_the_time_without_a_leader_measured() {
        leading();
        assertThat(counted("looking_count")).isEqualTo(1);
        assertThat(summary("election_time").count()).isEqualTo(1);
        assertThat(summary("unavailable_time").count()).isEqualTo(1);
        assertThat(summary("leader_unavailable_time").count()).isEqualTo(1);

        rig().found(new HeartbeatProtocol.QuorumLost("a test"));
        rig().passShortly(Duration.ofMillis(30));

        assertThat(counted("looking_count")).isEqualTo(2);
        assertThat(gauge("learners")).isZero();
        assertThat(summary("unavailable_time").count()).isEqualTo(1);
        assertThat(gauge("troupe_phase_age_ms")).isEqualTo(30);
        assertThat(summary("troupe_leader_broadcast_time").count()).isEqualTo(1);
        assertThat(summary("troupe_looking_time").count()).isEqualTo(1);
    }

    @Test
    void what_the_log_holds_at_the_start_is_counted() {
        looking(Past.EMPTY.epochs(4, 3).logged(Samples.epoch(0, 3, 4)).committed(zxid(3, 1)));
        assertThat(summary("startup_txns_loaded").sum()).isEqualTo(4);
        assertThat(summary("startup_txns_load_time").count()).isEqualTo(1);
        assertThat(summary("dbinittime").count()).isEqualTo(1);
        assertThat(counted("commit_count")).isZero();
    }
}
