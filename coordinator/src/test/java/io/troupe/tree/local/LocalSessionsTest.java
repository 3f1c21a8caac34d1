package io.troupe.tree.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.edge.Connect;
import io.troupe.edge.SessionHandle;
import io.troupe.tree.local.LocalSessions.Pending;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalSessionsTest {
    private static final Connect CONNECT = new Connect(0, new byte[0], 1000, 0, List.of(), false);

    private final LocalSessions sessions = new LocalSessions();
    private final RecordingSink sink = new RecordingSink();

    private LocalSession add(long id, long attach, RecordingSink connection) {
        LocalSession session = new LocalSession(new SessionHandle(id, attach), connection, List.of(), false);
        sessions.add(session);
        return session;
    }

    @Test
    void knowsTheConnectionBehindATokenOnce() {
        Pending pending = new Pending(CONNECT, sink, 5, null);
        long token = sessions.expect(pending);
        long other = sessions.expect(new Pending(CONNECT, new RecordingSink(), 6, null));

        assertThat(other).isNotEqualTo(token);
        assertThat(sessions.arrived(token)).isSameAs(pending);
        assertThat(sessions.arrived(token)).isNull();
    }

    @Test
    void forgetsAConnectionThatIsGoneBeforeItsSessionIsThere() {
        long token = sessions.expect(new Pending(CONNECT, sink, 5, null));

        assertThat(sessions.disconnected(sink)).isNull();
        assertThat(sessions.arrived(token)).isNull();
    }

    @Test
    void findsASessionByItsLatestAttachmentOnly() {
        LocalSession session = add(5, 100, sink);

        assertThat(sessions.get(5)).isSameAs(session);
        assertThat(sessions.get(new SessionHandle(5, 100))).isSameAs(session);
        assertThat(sessions.get(new SessionHandle(5, 99))).isNull();
        assertThat(sessions.get(new SessionHandle(6, 100))).isNull();
    }

    @Test
    void keepsTheNewAttachmentWhenTheOldConnectionIsGone() {
        LocalSession old = add(5, 100, sink);
        LocalSession young = add(5, 200, new RecordingSink());

        assertThat(sessions.disconnected(sink)).isSameAs(old);
        assertThat(sessions.get(5)).isSameAs(young);
        sessions.remove(old);
        assertThat(sessions.all()).containsExactly(young);
    }

    @Test
    void endsAllThatHaveASessionOrWaitForOne() {
        RecordingSink waiting = new RecordingSink();
        add(5, 100, sink);
        long token = sessions.expect(new Pending(CONNECT, waiting, 6, null));

        assertThat(sessions.clear()).containsExactly(sink, waiting);
        assertThat(sessions.all()).isEmpty();
        assertThat(sessions.arrived(token)).isNull();
        assertThat(sessions.disconnected(sink)).isNull();
    }
}
