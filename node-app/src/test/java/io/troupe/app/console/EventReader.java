package io.troupe.app.console;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.stream.Stream;

/** Reads server-sent events as a browser does. */
final class EventReader implements AutoCloseable {
    private final Stream<String> body;
    private final Iterator<String> lines;
    private String lastId = "";

    /** One event; {@code id} is the last that was said by then. */
    record Event(String name, String data, String id) {}

    private EventReader(Stream<String> body) {
        this.body = body;
        this.lines = body.iterator();
    }

    static EventReader open(HttpClient client, HttpRequest request) throws Exception {
        HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new AssertionError(
                    response.statusCode() + " " + response.body().toList());
        }
        return new EventReader(response.body());
    }

    /** The next event; waits for it. */
    Event next() {
        String name = "";
        String data = "";
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith("id: ")) {
                lastId = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && !data.isEmpty()) {
                return new Event(name, data, lastId);
            }
        }
        return new Event("end", "", lastId);
    }

    @Override
    public void close() {
        body.close();
    }
}
