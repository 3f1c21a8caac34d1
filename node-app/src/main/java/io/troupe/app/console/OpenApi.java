package io.troupe.app.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The description of everything that can be asked, {@code openapi.json} beside this class. */
final class OpenApi implements Route.Source {
    private static final String FILE = "openapi.json";

    @Override
    public List<Route> routes() {
        return List.of(new Route(
                "GET",
                "/openapi.json",
                Access.READ,
                e -> CompletableFuture.completedFuture(new Reply(200, "application/json", text(), Map.of()))));
    }

    static byte[] text() {
        try (InputStream file = OpenApi.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is not in the distribution");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read", e);
        }
    }
}
