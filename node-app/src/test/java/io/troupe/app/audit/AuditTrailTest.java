package io.troupe.app.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.edge.Audit;
import io.troupe.edge.ReadOperation;
import io.troupe.env.system.SystemClock;
import io.troupe.metrics.Metrics;
import io.troupe.node.AuditSettings.Level;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the audit log says of requests, in ZooKeeper's words, and that it makes nobody wait. */
class AuditTrailTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Identity BOB = new Identity("digest", "bob:hash");
    private static final Identity HOST = new Identity("ip", "10.0.0.7");
    private static final List<Identity> WHO = List.of(HOST, BOB);
    private static final Audit.Client CLIENT = new Audit.Client() {
        @Override
        public String address() {
            return "10.0.0.7";
        }

        @Override
        public List<Identity> identities() {
            return WHO;
        }
    };

    private final SystemClock clock = new SystemClock();
    private final AuditTrail trail = new AuditTrail(null, clock);

    @AfterEach
    void close() {
        trail.close();
        clock.close();
    }

    /** One that has told of a client with a session. */
    private ClientAudit audit(Level level) {
        ClientAudit audit = new ClientAudit(
                trail,
                level,
                identities -> identities.stream()
                        .map(i -> new Identity(i.scheme(), i.id().replaceFirst(":.*", "")))
                        .toList());
        audit.connected(CLIENT, 0xabc);
        return audit;
    }

    private static Request request(Operation operation) {
        return new Request(0xabc, 5, 1, WHO, operation);
    }

    /** Lines without their moments, once nothing waits. */
    private List<String> lines(int expected) {
        await().atMost(PATIENCE)
                .until(() -> trail.newest(event -> true, Long.MAX_VALUE, 100).size() == expected);
        return trail.newest(event -> true, Long.MAX_VALUE, 100).stream()
                .map(each -> each.event().line().replaceFirst("^\\S+\t", "").replace('\t', ' '))
                .toList();
    }

    private static Operation.Create create(String path) {
        byte[] secret = "hunter2".getBytes(StandardCharsets.UTF_8);
        return new Operation.Create(path, secret, Acl.OPEN, CreateMode.EPHEMERAL_SEQUENTIAL, false, -1);
    }

    @Test
    void aChangeIsTheLineThatZooKeeperWrites() {
        audit(Level.ALL).decided(CLIENT, request(create("/a/n-")), new Result.Created("/a/n-0000000001", null));
        assertThat(lines(2))
                .containsExactly(
                        "session=0xabc user=10.0.0.7,bob ip=10.0.0.7 operation=create znode=/a/n-0000000001"
                                + " znode_type=ephemeral_sequential acl=world:anyone:cdrwa result=success",
                        "session=0xabc user=10.0.0.7,bob ip=10.0.0.7 operation=connect result=success");
    }

    @Test
    void eachPartOfAMultiHasALineUnlessItFails() {
        ClientAudit audit = audit(Level.ALL);
        Operation.Multi multi = new Operation.Multi(
                List.of(new Operation.Check("/a", 1), create("/a/b"), new Operation.Delete("/c", -1)));
        audit.decided(
                CLIENT,
                request(multi),
                new Result.Many(List.of(Result.Done.INSTANCE, new Result.Created("/a/b", null), Result.Done.INSTANCE)));
        audit.decided(
                CLIENT,
                request(multi),
                new Result.Many(List.of(
                        Result.failed(ErrorCode.BAD_VERSION),
                        Result.failed(ErrorCode.RUNTIME_INCONSISTENCY),
                        Result.failed(ErrorCode.RUNTIME_INCONSISTENCY))));
        assertThat(lines(4))
                .element(0)
                .asString()
                .endsWith("operation=multiOperation result=failure error=bad_version");
        assertThat(lines(4).get(1)).contains("operation=delete znode=/c");
        assertThat(lines(4).get(2)).contains("operation=create znode=/a/b");
    }

    @Test
    void asShippedItTellsOfAccessAndNotOfEveryChange() {
        ClientAudit audit = audit(Level.SECURITY);
        audit.decided(CLIENT, request(create("/a")), new Result.Created("/a", null));
        audit.decided(CLIENT, request(create("/taken")), Result.failed(ErrorCode.NODE_EXISTS));
        audit.decided(CLIENT, request(create("/closed/b")), Result.failed(ErrorCode.NO_AUTH));
        audit.decided(CLIENT, request(new Operation.SetAcl("/a", Acl.READ_ONLY, -1)), Result.Done.INSTANCE);
        audit.denied(CLIENT, 0xabc, new ReadOperation.GetData("/closed", false), WHO, ErrorCode.NO_AUTH);
        assertThat(lines(3))
                .containsExactly(
                        "session=0xabc user=10.0.0.7,bob ip=10.0.0.7 operation=getData znode=/closed result=failure error=no_auth",
                        "session=0xabc user=10.0.0.7,bob ip=10.0.0.7 operation=setAcl znode=/a acl=world:anyone:r result=success",
                        "session=0xabc user=10.0.0.7,bob ip=10.0.0.7 operation=create znode=/closed/b"
                                + " znode_type=ephemeral_sequential acl=world:anyone:cdrwa result=failure error=no_auth");
    }

    @Test
    void neitherDataNorPasswordsAreInIt() {
        audit(Level.ALL).decided(CLIENT, request(create("/a")), new Result.Created("/a", null));
        assertThat(String.join("\n", lines(2))).doesNotContain("hunter2", "hash");
    }

    @Test
    void aLineIsReadAsItWasWrittenAndIsOneLineWhateverClientsWrite() {
        AuditEvent event = new AuditEvent(
                Instant.parse("2026-11-22T06:00:00.123Z"),
                Map.of("operation", "create", "znode", "/a\n2026-11-22T06:00:00Z\toperation=delete", "user", "eve"));
        assertThat(event.line())
                .isEqualTo(
                        "2026-11-22T06:00:00.123Z\tuser=eve\toperation=create\tznode=/a?2026-11-22T06:00:00Z?operation=delete");
        assertThat(AuditEvent.parse(event.line())).contains(event);
        assertThat(AuditEvent.parse("2026-11-22T06:00:00.123Z\tuser=e")).isEmpty();
        assertThat(AuditEvent.parse("")).isEmpty();
    }

    @Test
    void whoFiltersByPathSeesAllBelowAndNothingBeside() {
        AuditFilter filter = new AuditFilter("/a", "bob", "SETDATA", null, "success");
        assertThat(filter.test(event("/a/b", "10.0.0.7,bob"))).isTrue();
        AuditFilter subject = new AuditFilter(null, "CN=ada,O=Example", null, null, null);
        assertThat(subject.test(event("/a", "10.0.0.7,CN=ada,O=Example"))).isTrue();
        assertThat(filter.test(event("/ab", "bob"))).isFalse();
        assertThat(filter.test(event("/a", "bobby"))).isFalse();
        assertThat(new AuditFilter("/", null, null, null, null).test(event("/x", "")))
                .isTrue();
    }

    private static AuditEvent event(String znode, String user) {
        return new AuditEvent(
                Instant.EPOCH, Map.of("operation", "setData", "znode", znode, "user", user, "result", "success"));
    }

    @Test
    void whatComesFasterThanItCanBeWrittenIsCountedAndNobodyWaits() {
        Metrics metrics = new Metrics();
        trail.countIn(metrics);
        CountDownLatch disk = new CountDownLatch(1);
        trail.record(() -> {
            try {
                disk.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Map.of("operation", "slow");
        });
        int many = 20_000;
        for (int i = 0; i < many; i++) {
            trail.record(() -> Map.of("operation", "quick"));
        }
        long dropped = metrics.gauge("troupe_audit_dropped");
        assertThat(dropped).isPositive();
        disk.countDown();
        await().atMost(PATIENCE)
                .until(() -> trail.newest(e -> e.field("operation").equals("auditDropped"), Long.MAX_VALUE, 1).stream()
                        .anyMatch(each -> each.event().field("count").equals(Long.toString(dropped))));
        assertThat(metrics.gauge("troupe_audit_events")).isEqualTo(many + 2 - dropped);
    }
}
