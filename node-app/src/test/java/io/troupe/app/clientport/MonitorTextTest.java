package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.ensemble.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Contract 7.2. */
class MonitorTextTest extends PortTest {
    /** Those that exist once the node itself runs behind the port; the port alone does not have them. */
    private static final Set<String> OF_THE_NODE = Set.of(
            "looking_count", "diff_count", "snap_count", "commit_count", "proposal_count", "stale_sessions_expired");

    private static final String GAUGES = """
            version server_state avg_latency max_latency min_latency packets_received packets_sent num_alive_connections
            outstanding_requests uptime znode_count watch_count ephemerals_count approximate_data_size global_sessions
            local_sessions open_file_descriptor_count max_file_descriptor_count connection_drop_probability
            last_client_response_size max_client_response_size min_client_response_size outstanding_tls_handshake
            auth_failed_count non_mtls_remote_conn_count non_mtls_local_conn_count""";

    private static final String GAUGES_OF_A_LEADER = """
            quorum_size peer_state learners synced_followers synced_observers synced_non_voting_followers pending_syncs
            leader_uptime last_proposal_size max_proposal_size min_proposal_size""";

    private static final String COUNTERS = """
            snapshot_rate_limited_count restore_error_count restore_rate_limited_count connection_request_count
            connection_rejected connection_drop_count connection_revalidate_count bytes_received_count response_bytes
            watch_bytes sessionless_connections_expired stale_requests stale_requests_dropped stale_replies
            request_throttle_wait_count throttled_ops large_requests_rejected request_commit_queued
            prep_processor_request_queued outstanding_changes_queued outstanding_changes_removed
            response_packet_cache_hits response_packet_cache_misses response_packet_get_children_cache_hits
            response_packet_get_children_cache_misses dead_watchers_queued dead_watchers_cleared
            add_dead_watcher_stall_time ensemble_auth_success ensemble_auth_fail ensemble_auth_skip
            unsuccessful_handshake insecure_admin_count tls_handshake_exceeded cnxn_closed_without_zk_server_running
            quit_leading_due_to_disloyal_voter skip_learner_request_to_next_processor_count
            requests_not_forwarded_to_commit_processor""";

    private static final String SUMMARIES = """
            restore_time prep_processor_queue_size prep_process_time proposal_process_time sync_processor_queue_size
            sync_process_time read_commit_proc_req_queued write_commit_proc_req_queued commit_commit_proc_req_queued
            read_commit_proc_issued write_commit_proc_issued commit_process_time requests_in_session_queue
            pending_session_queue_size reads_after_write_in_session_queue reads_issued_from_session_queue
            session_queues_drained write_batch_time_in_commit_processor
            time_waiting_empty_pool_in_commit_processor_read_ms concurrent_request_processing_in_commit_processor
            learner_request_processor_queue_size connection_token_deficit netty_queued_buffer_capacity
            socket_closing_time""";

    private static final String DISTRIBUTIONS = """
            readlatency updatelatency commit_propagation_latency proposal_ack_creation_latency close_session_prep_time
            prep_processor_queue_time_ms read_commitproc_time_ms write_commitproc_time_ms local_write_committed_time_ms
            server_write_committed_time_ms read_final_proc_time_ms write_final_proc_time_ms om_proposal_process_time_ms
            om_commit_process_time_ms request_throttle_queue_time_ms dead_watchers_cleaner_latency""";

    private Map<String, String> monitor() throws IOException {
        try (RawClient client = fixture.connect()) {
            client.sendRaw("mntr".getBytes(StandardCharsets.US_ASCII));
            Map<String, String> values = new HashMap<>();
            for (String line : new String(client.readToEnd(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                assertThat(line).matches("zk_\\S+\t.*");
                int tab = line.indexOf('\t');
                assertThat(values.put(line.substring(3, tab), line.substring(tab + 1)))
                        .as(line)
                        .isNull();
            }
            return values;
        }
    }

    private long value(String key) throws IOException {
        return Long.parseLong(monitor().getOrDefault(key, "-99"));
    }

    private static Stream<String> expand(String names, String... prefixes) {
        return words(names).flatMap(name -> Stream.of(prefixes).map(prefix -> prefix + "_" + name));
    }

    private static Stream<String> words(String names) {
        return Stream.of(names.split("\\s+"));
    }

    @Test
    @Covers("7.2.1")
    void aLeaderHasEveryKeyOfZooKeepersThatIsThePorts() throws IOException {
        List<String> due = new ArrayList<>();
        Stream.of(GAUGES, GAUGES_OF_A_LEADER, COUNTERS)
                .flatMap(MonitorTextTest::words)
                .forEach(due::add);
        Stream.of(SUMMARIES, DISTRIBUTIONS)
                .flatMap(names -> expand(names, "avg", "min", "max", "cnt", "sum"))
                .forEach(due::add);
        expand(DISTRIBUTIONS, "p50", "p95", "p99", "p999").forEach(due::add);
        assertThat(monitor())
                .containsKeys(due.toArray(String[]::new))
                .doesNotContainKeys(OF_THE_NODE.toArray(String[]::new));
    }

    @Test
    void whatTheNodeCountsIsShownToo() throws IOException {
        fixture.metrics.counter("commit_count").add(7);
        fixture.metrics.summary("fsynctime").add(3);
        fixture.metrics.summary("fsynctime").add(4);
        fixture.metrics.gauge("learners", () -> 2);
        assertThat(monitor())
                .containsEntry("commit_count", "7")
                .containsEntry("avg_fsynctime", "3.5")
                .containsEntry("sum_fsynctime", "7")
                .containsEntry("learners", "2")
                .doesNotContainKey("p50_fsynctime");
    }

    @Test
    void onlyALeaderOfOthersHasALeadersKeys() throws IOException {
        fixture.node.is(Role.FOLLOWING, 3);
        assertThat(monitor())
                .containsKeys("quorum_size", "peer_state")
                .doesNotContainKeys("learners", "synced_observers", "leader_uptime", "last_proposal_size");
        assertThat(monitor()).doesNotContainKey("observer_master_id");
        fixture.node.is(Role.OBSERVING, 3);
        assertThat(monitor())
                .containsEntry(
                        "observer_master_id",
                        Integer.toString(fixture.node.status().leaderId()));
        fixture.node.is(Role.LEADING, 1);
        assertThat(monitor()).doesNotContainKeys(words(GAUGES_OF_A_LEADER).toArray(String[]::new));
    }

    @Test
    @Covers("7.2.2")
    void latenciesAreThoseOfReadsAndOfUpdates() throws IOException {
        try (RawClient client = fixture.open()) {
            client.ask(RawClient.request(1, ZooDefs.OpCode.getData, new GetDataRequest("/", false)));
            client.ask(RawClient.request(2, ZooDefs.OpCode.setData, new SetDataRequest("/", new byte[1], -1)));
            client.ask(RawClient.request(3, ZooDefs.OpCode.setData, new SetDataRequest("/", new byte[1], -1)));
        }
        assertThat(monitor()).containsEntry("cnt_readlatency", "1").containsEntry("cnt_updatelatency", "2");
    }

    @Test
    @Covers("7.2.2")
    void bytesAreCountedBothWays() throws IOException {
        try (RawClient client = fixture.open()) {
            long received = value("bytes_received_count");
            byte[] ping = RawClient.request(-2, ZooDefs.OpCode.ping);
            client.ask(ping);
            // The word itself has four bytes.
            assertThat(value("bytes_received_count")).isEqualTo(received + 4 + ping.length + 4);
            Map<String, String> values = monitor();
            assertThat(values)
                    .containsEntry("last_client_response_size", "20")
                    .containsEntry("min_client_response_size", "20")
                    .containsEntry("max_client_response_size", "41")
                    .containsEntry("response_bytes", "61")
                    .containsEntry("watch_bytes", "0");
            fixture.node.toSink(0x100000000000001L, sink -> sink.event(FakeNode.changed("/a"), 5));
            client.readHeader();
            assertThat(value("watch_bytes")).isEqualTo(4 + 16 + 4 + 4 + 4 + 2);
            assertThat(value("response_bytes")).isEqualTo(61);
        }
    }

    @Test
    @Covers("7.2.2")
    void connectionsAreCountedByHowTheyBeginAndEnd() throws IOException {
        RawClient first = fixture.open();
        try (RawClient again = fixture.connect()) {
            again.sendFrame(RawClient.bytes(new ConnectRequest(0, 0, 10_000, 5, new byte[16], false)));
            again.read(new ConnectResponse());
            first.close();
            Awaitility.await().until(() -> value("connection_drop_count") == 1);
            assertThat(monitor())
                    .containsEntry("connection_request_count", "2")
                    .containsEntry("connection_revalidate_count", "1")
                    .containsEntry("sessionless_connections_expired", "0");
        }
    }

    @Test
    void aConnectionOnWhichNothingIsAskedIsCounted() throws IOException {
        try (RawClient silent = fixture.connect()) {
            assertThat(value("num_alive_connections")).isEqualTo(2);
            fixture.clock.advance(Duration.ofSeconds(11));
            assertThat(silent.isClosedByServer()).isTrue();
            assertThat(value("sessionless_connections_expired")).isEqualTo(1);
        }
    }

    @Test
    void aClientThatIsTurnedAwayIsCounted() throws IOException {
        fixture.node.refuse(io.troupe.edge.SessionSink.End.NOT_SERVING);
        try (RawClient client = fixture.connect()) {
            client.sendFrame(RawClient.bytes(new ConnectRequest(0, 0, 10_000, 0, new byte[16], false)));
            assertThat(client.isClosedByServer()).isTrue();
        }
        assertThat(value("cnxn_closed_without_zk_server_running")).isEqualTo(1);
    }

    @Test
    @Covers("7.2.2")
    void quotasAreShownByNamespace() throws IOException {
        assertThat(monitor())
                .containsEntry("app_quota_count_limit_per_namespace", "10")
                .containsEntry("app_quota_bytes_limit_per_namespace", "-1")
                .containsEntry("app_quota_count_usage_per_namespace", "3")
                .containsEntry("app_quota_bytes_usage_per_namespace", "40");
    }

    @Test
    void aResetForgetsTheNodesCountsToo() throws IOException {
        fixture.metrics.counter("commit_count").add(7);
        try (RawClient client = fixture.connect()) {
            client.sendRaw("srst".getBytes(StandardCharsets.US_ASCII));
            client.readToEnd();
        }
        // What asks has four bytes itself.
        assertThat(monitor()).containsEntry("commit_count", "0").containsEntry("bytes_received_count", "4");
    }
}
