package io.troupe.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A node as shipped, secured as docs/security.md says, and somebody without credentials at each port that it listens on: he reads nothing
 * but health, ends nothing, leaves nothing behind, and fills no log. {@code -Psoak} makes it go on for longer, {@code
 * -Dtroupe.test.scan.seed=N} repeats the bytes of a run.
 */
@TestMethodOrder(OrderAnnotation.class)
class PortScanTest {
    private static final long SEED = Long.getLong("troupe.test.scan.seed", new Random().nextInt(Integer.MAX_VALUE));
    private static final int ROUNDS = Boolean.getBoolean("troupe.test.resources.full") ? 2_000 : 8;
    private static final int WARM_UP = 3;
    private static final int THREADS = 4;
    private static final int ANSWER_MILLIS = 150;

    /** What nobody may see: a znode's name, its data, and who made it. */
    private static final List<String> SECRETS = List.of("hidden-name", "hidden-data", "hidden-user");

    private static final String IDENTITY = "hidden-user:hidden-word";

    /** Descriptors and threads that come and go by themselves. */
    private static final int FEW = 12;

    /** Lines for an episode of each kind, and what else a node has to tell. */
    private static final int MOST_LINES = 80;

    private static EnsembleProcesses ensemble;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        ensemble = EnsembleProcesses.prepare(
                new SecuredProgram(TroupeProgram.packagedDistribution(), new Tuning(Tuning.TEST.jvmOptions(), 0, 0)),
                1);
        ensemble.startAll();
        ensemble.awaitAllServing();
        server = ensemble.server(1);
        try (OfficialClient owner = owner()) {
            owner.createText("/hidden-name", "hidden-data", CreateMode.PERSISTENT);
        }
        await().atMost(EnsembleProcesses.PATIENCE).until(() -> ports().size() == 3);
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static OfficialClient owner() {
        OfficialClient client = OfficialClient.connect(server.address().clientAddress());
        client.addAuthInfo("digest", IDENTITY.getBytes(UTF_8));
        return client;
    }

    private static Map<Integer, InetAddress> ports() throws IOException {
        return ListeningPorts.of(server.pid());
    }

    private static int httpPort() {
        return server.address().electionPort();
    }

    @Test
    @Order(1)
    void itListensWhereTheDocumentsSayAndOnLoopbackAlone() throws Exception {
        ServerAddress address = server.address();
        assertThat(ports())
                .containsOnlyKeys(address.clientPort(), address.peerPort(), address.electionPort())
                .allSatisfy((port, at) -> assertThat(at.isLoopbackAddress()).isTrue());
    }

    @Test
    @Order(2)
    void overHttpOthersSeeHealthAlone() throws Exception {
        String document = get("/openapi.json");
        List<String> paths = new ArrayList<>();
        var matcher = Pattern.compile("\"(/[^\"]*)\": \\{").matcher(document);
        while (matcher.find()) {
            paths.add(matcher.group(1));
        }
        assertThat(paths).contains("/livez", "/api/v1/node", "/metrics", "/api/v1/audit");
        for (String path : paths) {
            String target = path.replaceAll("\\{\\w+}", "mntr") + "?path=/hidden-name";
            String answer = talk(
                    httpPort(),
                    ("GET " + target + " HTTP/1.1\r\nHost: node1.example\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));
            boolean health = path.equals("/livez") || path.equals("/healthz") || path.equals("/readyz");
            assertThat(answer).as(path).startsWith(health ? "HTTP/1.1 200" : "HTTP/1.1 40");
            assertThat(answer).as(path).doesNotContain(SECRETS);
        }
    }

    /** What somebody on this host may. */
    private static String get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort() + path))
                                .timeout(EnsembleProcesses.PATIENCE)
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    @Test
    @Order(3)
    void whateverIsSentToAnyPortNothingIsReadEndedOrLeftBehind() throws Exception {
        scan(new Random(SEED), WARM_UP);
        Print before = settled(null);
        long linesBefore = lines().size();

        scan(new Random(SEED + 1), ROUNDS);

        Print after = settled(before);
        System.out.println("-Dtroupe.test.scan.seed=" + SEED + ": " + before + ", then " + after);
        List<String> lines = lines();
        assertThat(lines.size() - linesBefore)
                .as(() -> String.join("\n", lines.subList((int) linesBefore, lines.size())))
                .isLessThan(MOST_LINES);
        assertThat(lines).noneMatch(line -> line.startsWith("\tat ") || line.contains(" ERROR "));
        try (OfficialClient owner = owner()) {
            assertThat(owner.text("/hidden-name")).isEqualTo("hidden-data");
        }
    }

    private static List<String> lines() throws IOException {
        return Files.readAllLines(server.address().log());
    }

    private static void scan(Random seeds, int rounds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int port : ports().keySet()) {
                for (int round = 0; round < rounds; round++) {
                    Random random = new Random(seeds.nextLong());
                    all.add(threads.submit(() -> {
                        for (Map.Entry<String, byte[]> message :
                                messages(random).entrySet()) {
                            assertSilent(port, message.getKey(), talk(port, message.getValue()));
                        }
                        return null;
                    }));
                }
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Bytes by what they are. */
    private static Map<String, byte[]> messages(Random random) throws IOException {
        Map<String, byte[]> messages = new LinkedHashMap<>();
        FuzzFrames frames = new FuzzFrames(random);
        messages.put("noise", frames.harmful());
        byte[] noise = new byte[1 + random.nextInt(4_096)];
        random.nextBytes(noise);
        messages.put("bytes", noise);
        messages.put("a request of ZooKeeper's", concatenated(session(), frames.anonymous(3), reads()));
        messages.put(
                "a status word",
                List.of("dump", "cons", "wchp", "mntr", "envi")
                        .get(random.nextInt(5))
                        .getBytes(UTF_8));
        messages.put(
                "HTTP", "GET /api/v1/children?path=/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
        messages.put("HTTP without an end", ("POST /api/v1/node HTTP/1.1\r\nX: " + "x".repeat(30_000)).getBytes(UTF_8));
        messages.put("a hello of TLS", hello());
        messages.put("a frame of Akka's", akka(random));
        return messages;
    }

    private static byte[] session() {
        return FuzzFrames.framed(ByteBuffer.allocate(45)
                .putInt(0)
                .putLong(0)
                .putInt(4_000)
                .putLong(0)
                .putInt(16)
                .array());
    }

    private static byte[] reads() {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int type : List.of(OpCode.getData, OpCode.getChildren, OpCode.getACL)) {
            byte[] path = "/hidden-name".getBytes(UTF_8);
            frames.writeBytes(FuzzFrames.framed(ByteBuffer.allocate(13 + path.length)
                    .putInt(type)
                    .putInt(type)
                    .putInt(path.length)
                    .put(path)
                    .array()));
        }
        return frames.toByteArray();
    }

    /** The magic of Artery's TCP connections, of the stream of control messages, and frames of any content. */
    private static byte[] akka(Random random) {
        byte[] content = new byte[random.nextInt(2_000)];
        random.nextBytes(content);
        return ByteBuffer.allocate(9 + content.length)
                .put("AKKA".getBytes(UTF_8))
                .put((byte) (1 + random.nextInt(3)))
                .putInt(Integer.reverseBytes(random.nextBoolean() ? content.length : random.nextInt()))
                .put(content)
                .array();
    }

    private static byte[] hello() {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 1);
            engine.setUseClientMode(true);
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            byte[] bytes = new byte[out.flip().remaining()];
            out.get(bytes);
            return bytes;
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** What is answered until the other end hangs up or says nothing more. */
    private static String talk(int port, byte[] bytes) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS * 100);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(bytes);
            byte[] part = new byte[8_192];
            for (int read = socket.getInputStream().read(part);
                    read >= 0;
                    read = socket.getInputStream().read(part)) {
                answer.write(part, 0, read);
            }
        } catch (SocketTimeoutException | SocketException ended) {
            // It waits for more, or has closed while we were writing.
            return answer.toString(ISO_8859_1);
        }
        return answer.toString(ISO_8859_1);
    }

    private static void assertSilent(int port, String what, String answer) {
        String place = what + " to port " + port;
        assertThat(answer).as(place).doesNotContain(SECRETS);
        if (port == httpPort()) {
            assertThat(answer).as(place).matches(Pattern.compile("(HTTP/1\\.1 4\\d\\d .*)?", Pattern.DOTALL));
        } else if (port == server.address().peerPort()) {
            // TLS, or nothing: its hello, or its alert.
            assertThat(answer).as(place).matches(Pattern.compile("([\\x15\\x16]\\x03.*)?", Pattern.DOTALL));
        }
    }

    /** What the process holds. */
    private record Print(long descriptors, long threads, long directBytes) {
        static Print now() throws Exception {
            String metrics = get("/metrics");
            return new Print(count("fd"), count("task"), (long)
                    Double.parseDouble(value(metrics, "troupe_direct_memory_bytes")));
        }

        private static long count(String directory) throws IOException {
            try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(server.pid()), directory))) {
                return entries.count();
            }
        }

        private static String value(String metrics, String name) {
            return metrics.lines()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .findFirst()
                    .orElse("0");
        }
    }

    /** Once all connections are gone; no more than before, where that is known. */
    private static Print settled(@Nullable Print before) {
        return await("what was there is there, and nothing else")
                .atMost(EnsembleProcesses.PATIENCE)
                .until(
                        () -> FourLetterWord.ask(server.address().clientPort(), "srvr")
                                        .contains("Connections: 1\n")
                                ? Print.now()
                                : null,
                        print -> print != null
                                && (before == null
                                        || (print.descriptors() <= before.descriptors() + FEW
                                                && print.threads() <= before.threads() + FEW
                                                && print.directBytes() <= 2 * before.directBytes() + (8 << 20))));
    }
}
