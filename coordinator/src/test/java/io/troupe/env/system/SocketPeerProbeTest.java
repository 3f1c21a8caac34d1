package io.troupe.env.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SocketPeerProbeTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int FENCE = 99;

    private record Word(int nodeId, boolean reachable) {}

    private final BlockingQueue<Word> words = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private SocketPeerProbe probe;

    @BeforeEach
    void start() throws IOException {
        probe = new SocketPeerProbe();
    }

    @AfterEach
    void stop() throws Exception {
        probe.close();
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    private ServerSocket listen(int port, int backlog) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(LOOPBACK, port), backlog);
        server.setSoTimeout(30_000);
        open.add(server);
        return server;
    }

    private Socket accept(ServerSocket server) throws IOException {
        Socket socket = server.accept();
        open.add(socket);
        return socket;
    }

    private int closedPort() throws IOException {
        try (ServerSocket server = listen(0, 1)) {
            return server.getLocalPort();
        }
    }

    private void watch(int nodeId, int port) {
        probe.watch(nodeId, LOOPBACK.getHostAddress(), port, (id, reachable) -> words.add(new Word(id, reachable)));
    }

    private Word next() throws InterruptedException {
        return words.poll(30, TimeUnit.SECONDS);
    }

    /** Whatever the probe has to tell of what it saw so far was told before it tells of this one. */
    private void assertNothingTold() throws Exception {
        watch(FENCE, closedPort());
        assertThat(next()).isEqualTo(new Word(FENCE, false));
    }

    @Test
    void tellsOnceThatNobodyIsThere() throws Exception {
        watch(2, closedPort());

        assertThat(next()).isEqualTo(new Word(2, false));
        assertNothingTold();
    }

    @Test
    void tellsOnceThatAPeerIsThere() throws Exception {
        ServerSocket server = listen(0, 5);
        watch(2, server.getLocalPort());
        accept(server);

        assertThat(next()).isEqualTo(new Word(2, true));

        assertNothingTold();
    }

    @Test
    void tellsWhenAPeerDiesAndWhenItIsBack() throws Exception {
        ServerSocket server = listen(0, 5);
        watch(2, server.getLocalPort());
        Socket connection = accept(server);
        assertThat(next()).isEqualTo(new Word(2, true));
        server.close();
        connection.close();
        assertThat(next()).isEqualTo(new Word(2, false));

        ServerSocket again = listen(server.getLocalPort(), 5);
        accept(again);

        assertThat(next()).isEqualTo(new Word(2, true));
    }

    @Test
    void isSilentWhenOnlyTheConnectionEndsAndThePeerIsStillThere() throws Exception {
        ServerSocket server = listen(0, 5);
        watch(2, server.getLocalPort());
        accept(server).close();
        assertThat(next()).isEqualTo(new Word(2, true));
        accept(server);

        assertNothingTold();
    }

    @Test
    void takesWhatAPeerSaysForNothing() throws Exception {
        ServerSocket server = listen(0, 5);
        watch(2, server.getLocalPort());
        Socket connection = accept(server);
        connection.getOutputStream().write(new byte[1000]);
        assertThat(next()).isEqualTo(new Word(2, true));
        assertNothingTold();

        server.close();
        connection.close();

        assertThat(next()).isEqualTo(new Word(2, false));
    }

    @Test
    void isSilentAboutAPeerThatDoesNotAnswerAtAll() throws Exception {
        ServerSocket server = listen(0, 1);
        List<Socket> crowd = fill(server);
        watch(2, server.getLocalPort());
        assertNothingTold();

        for (int i = 0; i < crowd.size(); i++) {
            crowd.get(i).close();
            accept(server).close();
        }
        Socket late = accept(server);
        assertThat(next()).isEqualTo(new Word(2, true));
        assertNothingTold();
        server.close();
        late.close();

        assertThat(next()).isEqualTo(new Word(2, false));
    }

    /** Connects until the operating system takes no more connections for this port. */
    private List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> crowd = new ArrayList<>();
        while (true) {
            Socket socket = new Socket();
            open.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 300);
                crowd.add(socket);
            } catch (IOException full) {
                socket.close();
                return crowd;
            }
        }
    }

    @Test
    void asksAtTheLatestAddressOfAPeer() throws Exception {
        watch(2, closedPort());
        assertThat(next()).isEqualTo(new Word(2, false));
        ServerSocket server = listen(0, 5);

        watch(2, server.getLocalPort());
        Socket connection = accept(server);
        assertThat(next()).isEqualTo(new Word(2, true));
        server.close();
        connection.close();

        assertThat(next()).isEqualTo(new Word(2, false));
    }

    @Test
    void tellsAgainWhatIsThereWhenItIsAskedAgain() throws Exception {
        ServerSocket server = listen(0, 5);
        watch(2, server.getLocalPort());
        assertThat(next()).isEqualTo(new Word(2, true));

        watch(2, server.getLocalPort());

        assertThat(next()).isEqualTo(new Word(2, true));
    }
}
