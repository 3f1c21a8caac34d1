package io.troupe.app.doctor;

import io.troupe.app.tls.CallerTls;
import io.troupe.app.tls.CertificateDates;
import io.troupe.env.Clock;
import io.troupe.node.ConfigurationException;
import io.troupe.node.HttpSettings;
import io.troupe.node.TlsSettings;
import io.troupe.node.TlsSettings.Store;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The host that this runs on, and the network around it. */
public final class SystemSurroundings implements Surroundings {
    private static final int PATIENCE_MILLIS = 3_000;
    private static final int BLOCK = 4_096;
    private static final int MOST_ANSWER = 1 << 20;
    private static final long HALF_A_SECOND = 500;
    private static final String OWN = "127.0.0.1";
    private static final String LISTENING = "0A";

    private final Clock clock;
    private final HttpClient plain = HttpClient.newBuilder()
            .connectTimeout(Duration.ofMillis(PATIENCE_MILLIS))
            .build();

    /** By this clock. */
    public SystemSurroundings(Clock clock) {
        this.clock = clock;
    }

    // ---- files ----

    @Override
    public Optional<String> text(String path) {
        try {
            return Optional.of(Files.readString(Path.of(path), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Set<PosixFilePermission>> permissions(Path file) {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            // A file system without such rights.
            return Optional.empty();
        }
        try {
            return Optional.of(view.readAttributes().permissions());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public Volume volume(Path directory) throws IOException {
        Path there = directory;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return new Volume(there.toRealPath(), Files.getFileStore(there).getUsableSpace(), Files.isWritable(there));
    }

    @Override
    public List<Long> syncMicros(Path directory, int times) throws IOException {
        Path probe = Files.createTempFile(directory, "doctor", ".probe");
        List<Long> micros = new ArrayList<>();
        try (FileChannel file = FileChannel.open(probe, StandardOpenOption.WRITE)) {
            // As the log: room first, so that a sync changes no more than data.
            file.write(ByteBuffer.allocate(BLOCK * times), 0);
            file.force(true);
            for (int i = 0; i < times; i++) {
                long began = clock.monotonicNanos();
                file.write(ByteBuffer.allocate(BLOCK), (long) i * BLOCK);
                file.force(false);
                micros.add((clock.monotonicNanos() - began) / 1_000);
            }
        } finally {
            Files.delete(probe);
        }
        return micros;
    }

    @Override
    public long snapshotBytes(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            Optional<Path> newest = files.filter(
                            file -> file.getFileName().toString().matches("snapshot-[0-9a-f]{16}"))
                    .max(Comparator.naturalOrder());
            return newest.isPresent() ? Files.size(newest.get()) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public List<Validity> certificates(Store store) {
        return CertificateDates.of(store).stream()
                .map(certificate -> new Validity(
                        certificate.getSubjectX500Principal().getName(),
                        certificate.getNotAfter().toInstant()))
                .toList();
    }

    // ---- ports and processes ----

    @Override
    public Optional<String> listenProblem(String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port), 1);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<Holder> holder(int port) {
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : text(table).orElse("").lines().toList()) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > 9 && fields[3].equals(LISTENING) && fields[1].endsWith(":%04X".formatted(port))) {
                    Optional<Holder> holder = ownerOf("socket:[" + fields[9] + "]");
                    if (holder.isPresent()) {
                        return holder;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The process with this socket among its files; others' files are seen by root alone. */
    private Optional<Holder> ownerOf(String socket) {
        return ProcessHandle.allProcesses()
                .filter(process -> holds(process.pid(), socket))
                .findFirst()
                .map(process -> new Holder(process.pid(), command(process.pid())));
    }

    private static boolean holds(long pid, String socket) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.anyMatch(file -> {
                try {
                    return Files.readSymbolicLink(file).toString().equals(socket);
                } catch (IOException e) {
                    return false;
                }
            });
        } catch (IOException e) {
            return false;
        }
    }

    private String command(long pid) {
        return text("/proc/" + pid + "/cmdline").orElse("").replace('\0', ' ').strip();
    }

    // ---- the network ----

    @Override
    public Reach connect(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            return Reach.OPEN;
        } catch (ConnectException e) {
            return Reach.REFUSED;
        } catch (IOException e) {
            return Reach.SILENT;
        }
    }

    @Override
    public Optional<String> resolve(String host) {
        try {
            return Optional.of(InetAddress.getByName(host).getHostAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean isLocal(String address) {
        try {
            InetAddress parsed = InetAddress.getByName(address);
            return parsed.isLoopbackAddress() || NetworkInterface.getByInetAddress(parsed) != null;
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }

    @Override
    public Optional<String> word(String host, int port, String word) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return Optional.of(new String(socket.getInputStream().readNBytes(MOST_ANSWER), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Answer> http(String host, int port, String path) {
        return ask(plain, "http", host, port, path);
    }

    @Override
    public Optional<Answer> node(HttpSettings http, String path) {
        TlsSettings tls = http.tls();
        if (tls == null) {
            return http(OWN, http.port(), path);
        }
        try {
            HttpClient secure = HttpClient.newBuilder()
                    .connectTimeout(Duration.ofMillis(PATIENCE_MILLIS))
                    .sslContext(CallerTls.ofNode(tls.keyStore()))
                    .build();
            return ask(secure, "https", OWN, http.port(), path);
        } catch (ConfigurationException e) {
            // The check of certificates tells of it.
            return Optional.empty();
        }
    }

    private Optional<Answer> ask(HttpClient client, String scheme, String host, int port, String path) {
        if (port <= 0) {
            return Optional.empty();
        }
        try {
            HttpRequest request = HttpRequest.newBuilder(new URI(scheme, null, host, port, path, null, null))
                    .timeout(Duration.ofMillis(PATIENCE_MILLIS))
                    .build();
            long before = clock.wallMillis();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            long middle = (before + clock.wallMillis()) / 2;
            return Optional.of(new Answer(
                    response.statusCode(),
                    response.body(),
                    response.headers().firstValue("Date").flatMap(date -> ahead(date, middle))));
        } catch (IOException | java.net.URISyntaxException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<Long> ahead(String date, long atMillis) {
        try {
            long told = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
            return Optional.of(told + HALF_A_SECOND - atMillis);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    // ---- this process ----

    @Override
    public Instant now() {
        return Instant.ofEpochMilli(clock.wallMillis());
    }

    @Override
    public long maxHeapBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public int javaVersion() {
        return Runtime.version().feature();
    }

    @Override
    public String javaName() {
        return System.getProperty("java.vm.name") + " " + Runtime.version();
    }
}
