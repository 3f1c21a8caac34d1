package io.troupe.app.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.troupe.app.tls.CallerTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node as it is reached over HTTP, by a user. */
public final class HttpNode {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    /** A node has ten seconds for a change, and half an hour for writing a snapshot down. */
    private static final Duration ANSWERING = Duration.ofSeconds(30);

    private static final Duration TAKING = Duration.ofMinutes(35);
    private static final int MOST_WAITS = 20;
    private static final int OK = 200;
    private static final int TOO_MANY = 429;
    private static final String HTTP = "http";
    private static final String HTTPS = "https";

    private final URI base;
    private final @Nullable String credentials;
    private final CallerTls tls;
    private final HttpClient client;

    private HttpNode(URI base, @Nullable String credentials, CallerTls tls) {
        this.base = base;
        this.credentials = credentials;
        this.tls = tls;
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECTING)
                .sslContext(tls.context())
                .build();
    }

    /** Who asks, by a password. */
    public record User(String name, char[] password) {
        private String basic() {
            String both = name + ":" + new String(password);
            return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * A node; nothing is asked yet.
     *
     * @param address {@code host:port}, or the beginning of a URL
     * @param user null for who is known by his certificate
     * @throws BackupException when it is none of these
     */
    public static HttpNode of(String address, @Nullable User user, CallerTls tls) throws BackupException {
        String scheme = tls.wanted() ? HTTPS : HTTP;
        URI base;
        try {
            base = URI.create(address.contains("://") ? address : scheme + "://" + address);
        } catch (IllegalArgumentException e) {
            throw new BackupException(address + ": " + e.getMessage() + "; write -server HOST:PORT");
        }
        if (base.getHost() == null || !(HTTP.equals(base.getScheme()) || HTTPS.equals(base.getScheme()))) {
            throw new BackupException(
                    address + " is no address; write -server HOST:PORT, the port being troupe.http.port");
        }
        if (tls.wanted() && HTTP.equals(base.getScheme())) {
            throw new BackupException(address
                    + " means HTTP without TLS, which needs no --trust-store and no --key-store; write https://");
        }
        return new HttpNode(base, user == null ? null : user.basic(), tls);
    }

    /**
     * What came of a change.
     *
     * @param done whether it was made
     * @param told why not, or what else there is to say
     */
    record Outcome(boolean done, boolean refusedForGood, String told) {}

    /** A snapshot on its way: it must be closed. */
    record Snapshot(long bytes, String zxid, InputStream content) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            content.close();
        }
    }

    /**
     * Has the node take a snapshot now, and begins to receive it. While the node has sent one lately, or sends one, this waits.
     *
     * @throws BackupException when it is refused
     * @throws IOException when the connection fails
     */
    Snapshot snapshot() throws IOException, BackupException {
        for (int waits = 0; ; waits++) {
            HttpResponse<InputStream> response =
                    send(request("/commands/snapshot").timeout(TAKING).build(), BodyHandlers.ofInputStream());
            if (response.statusCode() == OK) {
                return new Snapshot(
                        response.headers().firstValueAsLong("snapshot_size").orElse(-1),
                        response.headers().firstValue("last_zxid").orElse("?"),
                        response.body());
            }
            String told;
            try (InputStream body = response.body()) {
                told = told(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
            if (response.statusCode() != TOO_MANY || waits == MOST_WAITS) {
                throw new BackupException(base + " refuses: " + told);
            }
            pause(response.headers().firstValueAsLong("Retry-After").orElse(1));
        }
    }

    private static void pause(long seconds) {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS))
                .join();
    }

    /** Has several changes made, all or none. */
    Outcome multi(JsonNode body) throws IOException, BackupException {
        return change(request("/api/v1/multi").POST(json(body)));
    }

    /** Sets an access control list. */
    Outcome setAcl(String path, int aversion, JsonNode body) throws IOException, BackupException {
        return change(
                request("/api/v1/acl?path=" + URLEncoder.encode(path, StandardCharsets.UTF_8) + "&version=" + aversion)
                        .PUT(json(body)));
    }

    private Outcome change(HttpRequest.Builder request) throws IOException, BackupException {
        HttpResponse<String> response = send(
                request.header("Content-Type", "application/json")
                        .timeout(ANSWERING)
                        .build(),
                BodyHandlers.ofString());
        boolean done = response.statusCode() == OK;
        // What is wrong with the request, or with who asks, is so the next time too.
        boolean forGood = switch (response.statusCode()) {
            case 400, 401, 403, 413, 415, 422, 501, 507 -> true;
            default -> false;
        };
        return new Outcome(done, forGood, done ? "" : told(response.statusCode(), response.body()));
    }

    private static HttpRequest.BodyPublisher json(JsonNode body) {
        return HttpRequest.BodyPublishers.ofString(body.toString());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        return credentials == null ? request : request.header("Authorization", credentials);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, BackupException {
        try {
            return client.send(request, handler);
        } catch (ConnectException e) {
            throw new BackupException(
                    "nothing answers at " + base
                            + "; is the node up, and is this the address of its HTTP port (troupe.http.host, troupe.http.port)?");
        } catch (IOException e) {
            Optional<String> explained = tls.explain(e);
            if (explained.isPresent()) {
                throw new BackupException(base + " " + explained.get());
            }
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupException("interrupted");
        }
    }

    /** What the answer says, without its wrapping. */
    private static String told(int status, String body) {
        try {
            JsonNode json = JSON.readTree(body);
            for (String field : new String[] {"detail", "error"}) {
                if (json.path(field).isTextual()) {
                    return json.path(field).textValue();
                }
            }
        } catch (JsonProcessingException e) {
            return "HTTP status " + status;
        }
        return "HTTP status " + status;
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
