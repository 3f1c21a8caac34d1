package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that speak TLS with each other: who else calls at the peer port, and new certificates while clients write. */
class PeerTlsTest {
    private static final Duration PATIENCE = EnsembleProcesses.PATIENCE;
    private static final int PROGRESS = 100;
    /** What Akka's remoting says first, of version 0, on the stream of ordinary messages. */
    private static final byte[] GREETING = {'A', 'K', 'K', 'A', 2};

    private static final int ALERT = 0x15;

    @TempDir
    private Path directory;

    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();
    private final List<Exception> failures = new CopyOnWriteArrayList<>();
    private volatile boolean writing = true;

    private static EnsembleProcesses start(String... options) {
        var ensemble = EnsembleProcesses.prepare(
                new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.TEST.with(List.of(options))), 3);
        ensemble.startAll();
        return ensemble;
    }

    @Test
    void serversThatShareASecretServeAndTurnOthersAway() throws Exception {
        var secret = Files.writeString(directory.resolve("secret"), "0123456789abcdef0123456789abcdef");
        try (var ensemble = start("-Dtroupe.peer-tls.secret-file=" + secret)) {
            try (var client = OfficialClient.connect(ensemble.connectString())) {
                client.createText("/kept", "secret", CreateMode.PERSISTENT);
                assertThat(client.text("/kept")).isEqualTo("secret");
            }
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), peerPort(ensemble, 1))) {
                socket.getOutputStream().write(GREETING);
                assertThat(endsWithoutAWord(socket)).isTrue();
            }
            var stranger = new Certificates(directory).make("stranger.p12", "CN=stranger");
            try (var socket = call(ensemble, 1, stranger)) {
                socket.startHandshake();
                // The word on a client's certificate comes behind the handshake (RFC 8446, 4.4.2.4).
                assertThat(endsWithoutAWord(socket)).isTrue();
            }
        }
    }

    @Test
    void certificatesAreReplacedAndServersRestartedWithoutAFailedRequest() throws Exception {
        var keys = new Certificates(directory);
        var first = keys.make("first.p12", "CN=first");
        var second = keys.make("second.p12", "CN=second");
        var used = Files.copy(first, directory.resolve("used.p12"));
        var believed = keys.believing("believed.pem", first, second);
        var password = Files.writeString(directory.resolve("password"), Certificates.PASSWORD + "\n");
        try (var ensemble = start(
                "-Dtroupe.peer-tls.key-store=" + used,
                "-Dtroupe.peer-tls.key-store-password-file=" + password,
                "-Dtroupe.peer-tls.trust-store=" + believed)) {
            assertThat(certificateOf(ensemble, 1, first)).isEqualTo("CN=first");
            var writer = new Thread(() -> write(ensemble.connectString()), "writer");
            writer.start();
            try {
                awaitProgress();
                replace(used, second);
                for (var server : ensemble.servers()) {
                    server.terminate();
                    awaitProgress();
                    server.start();
                    ensemble.awaitAllServing();
                    awaitProgress();
                    assertThat(certificateOf(ensemble, server.id(), first)).isEqualTo("CN=second");
                }
            } finally {
                writing = false;
                writer.join();
            }
            System.out.printf(
                    "Certificates replaced and three servers restarted: %d writes, %d repeated by their client, %d failed%n",
                    written.get(), repeated.get(), failures.size());
            assertThat(failures)
                    .as("failed after %d repetitions", repeated.get())
                    .isEmpty();
        }
    }

    /** Whole or not at all, as an operator's tools replace it. */
    private void replace(Path used, Path by) throws IOException {
        var beside = Files.copy(by, directory.resolve("beside.p12"));
        Files.move(beside, used, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void awaitProgress() {
        var goal = written.get() + PROGRESS;
        await(PROGRESS + " writes").atMost(PATIENCE).until(() -> written.get() >= goal || !failures.isEmpty());
    }

    /** One write after the other; what a lost connection leaves open is written again, as it says the same. */
    private void write(String connectString) {
        try (var client = OfficialClient.connect(connectString, OfficialClient.PATIENT_TIMEOUT_MILLIS)) {
            client.createText("/rotation", "", CreateMode.PERSISTENT);
            while (writing) {
                try {
                    client.setData("/rotation", Integer.toString(written.get()).getBytes(UTF_8), -1);
                    written.incrementAndGet();
                } catch (KeeperException.ConnectionLossException lost) {
                    repeated.incrementAndGet();
                    client.awaitConnected();
                }
            }
        } catch (KeeperException | InterruptedException | RuntimeException e) {
            failures.add(e);
        }
    }

    private static int peerPort(EnsembleProcesses ensemble, int id) {
        return ensemble.server(id).address().peerPort();
    }

    /** Whether the server ends the connection and says nothing but why, in an alert of TLS (RFC 8446, 6) at most. */
    private static boolean endsWithoutAWord(Socket socket) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        try {
            var first = socket.getInputStream().read();
            return first < 0 || (!(socket instanceof SSLSocket) && first == ALERT);
        } catch (SocketTimeoutException silent) {
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    /** Whose certificate a server shows at its peer port. */
    private static String certificateOf(EnsembleProcesses ensemble, int id, Path shown)
            throws IOException, GeneralSecurityException {
        try (var socket = call(ensemble, id, shown)) {
            socket.startHandshake();
            var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }

    private static SSLSocket call(EnsembleProcesses ensemble, int id, Path shown)
            throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = new FileInputStream(shown.toFile())) {
            store.load(in, Certificates.PASSWORD.toCharArray());
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, Certificates.PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new Anybody()}, null);
        return (SSLSocket) context.getSocketFactory().createSocket(ServerAddress.HOST, peerPort(ensemble, id));
    }

    /** Believes what it is shown. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
