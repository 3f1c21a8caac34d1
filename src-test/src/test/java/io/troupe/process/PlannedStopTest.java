package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.AsyncCallback.StatCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SIGTERM at the leader: it hands over (decision 027), and clients of the other servers do not notice. */
@ExtendWith(EnsembleExtension.class)
class PlannedStopTest {
    private static final String PATH = "/planned-stop";
    private static final int IN_FLIGHT = 4;
    private static final int PROGRESS = 200;
    private static final int STOPPED_BY_SIGTERM = 143;
    private static final Duration PATIENCE = EnsembleProcesses.PATIENCE;

    private final AtomicInteger written = new AtomicInteger();
    private final List<Code> failures = new CopyOnWriteArrayList<>();
    private volatile boolean writing = true;

    @Test
    void noRequestOnAnotherServerFails(EnsembleProcesses ensemble) throws Exception {
        try (var client = OfficialClient.connect(ensemble.connectString())) {
            client.createText(PATH, "", CreateMode.PERSISTENT);
        }
        for (var round = 0; round < 2; round++) {
            var leader = ensemble.awaitLeader();
            stopUnderWrites(ensemble, leader);
            leader.start();
            ensemble.awaitAllServing();
        }
    }

    private void stopUnderWrites(EnsembleProcesses ensemble, ServerProcess leader) throws Exception {
        var logs = new ArrayList<EventLog>();
        var clients = new ArrayList<OfficialClient>();
        writing = true;
        try {
            for (var server : ensemble.servers()) {
                if (server.id() != leader.id()) {
                    var log = new EventLog();
                    logs.add(log);
                    clients.add(OfficialClient.watched(
                                    server.address().clientAddress(), OfficialClient.PATIENT_TIMEOUT_MILLIS, log)
                            .awaitConnected());
                }
            }
            for (var i = 0; i < IN_FLIGHT; i++) {
                clients.forEach(this::write);
            }
            awaitProgress();
            assertThat(leader.terminate()).isEqualTo(STOPPED_BY_SIGTERM);
            awaitProgress();
        } finally {
            writing = false;
            clients.forEach(OfficialClient::close);
        }
        assertThat(failures).isEmpty();
        assertThat(logs).allSatisfy(log -> assertThat(log.states()).doesNotContain(KeeperState.Disconnected));
        assertThat(leader.logTail(20)).contains("leading -> leaving");
    }

    /** Whenever one is answered, the next. */
    private void write(OfficialClient client) {
        StatCallback answered = (code, path, context, stat) -> {
            if (writing) {
                if (code == Code.OK.intValue()) {
                    written.incrementAndGet();
                } else {
                    failures.add(Code.get(code));
                }
                write(client);
            }
        };
        client.setData(PATH, new byte[100], -1, answered, null);
    }

    private void awaitProgress() {
        var goal = written.get() + PROGRESS;
        await(PROGRESS + " writes").atMost(PATIENCE).until(() -> written.get() >= goal || !failures.isEmpty());
    }
}
