package io.troupe.app.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of the page, from the class path: those in the directory {@code ui} beside this class, and libraries of others out of their
 * webjars. Browsers ask each time whether a file has changed, and are told so by its ETag, so that a new release is seen at once.
 */
final class UiFiles implements Route.Source {
    private static final String START = "index.html";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*\\.(html|css|js|svg)");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    /** Nothing but what comes from here: no script in the page itself, none of other hosts, no frame around it. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** Those of webjars, without their versions in the path: the build knows them. */
    private static final Map<String, String> LIBRARIES = Map.of("preact.js", "preact");

    private record Content(String type, byte[] bytes, String tag) {}

    private final ConcurrentMap<String, Optional<Content>> known = new ConcurrentHashMap<>();

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/", Access.READ, e -> CompletableFuture.completedFuture(moved())),
                new Route("GET", "/ui", Access.READ, e -> CompletableFuture.completedFuture(moved())),
                new Route("GET", "/ui/", Access.READ, e -> file(e, START)),
                new Route("GET", "/ui/{name}", Access.READ, e -> file(e, e.parameter())));
    }

    private static Reply moved() {
        return Reply.empty(302).with("Location", "/ui/");
    }

    private CompletionStage<Reply> file(Exchange exchange, String name) {
        Content content = known(name)
                .orElseThrow(() -> Problem.of(
                        404, "no-route", "There is nothing here", "the page has no file " + Exchange.printable(name)));
        boolean same = exchange.header("If-None-Match")
                .filter(tags -> tags.contains(content.tag()))
                .isPresent();
        Reply reply = same ? Reply.empty(304) : new Reply(200, content.type(), content.bytes(), Map.of());
        return CompletableFuture.completedFuture(reply.with("ETag", content.tag())
                .with("Cache-Control", "no-cache")
                .with("Content-Security-Policy", POLICY)
                .with("Referrer-Policy", "no-referrer"));
    }

    private Optional<Content> known(String name) {
        // Names that are no file's are not remembered: there are too many of them.
        return NAME.matcher(name).matches() && resource(name) != null
                ? known.computeIfAbsent(name, UiFiles::read)
                : Optional.empty();
    }

    private static @Nullable URL resource(String name) {
        String library = LIBRARIES.get(name);
        return library == null
                ? UiFiles.class.getResource("ui/" + name)
                : UiFiles.class.getResource("/META-INF/resources/webjars/%s/%s/dist/%s.module.js"
                        .formatted(library, version(library), library));
    }

    private static String version(String library) {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(
                UiFiles.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/" + library + "/pom.properties"),
                () -> library + " is not in the distribution")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the version of " + library + " cannot be read", e);
        }
        return properties.getProperty("version");
    }

    private static Optional<Content> read(String name) {
        try (InputStream in = Objects.requireNonNull(resource(name)).openStream()) {
            byte[] bytes = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            String type = Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
            return Optional.of(new Content(type, bytes, "\"" + HexFormat.of().formatHex(digest, 0, 8) + "\""));
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + name + " of the page cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
