package io.troupe.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks a server's client port the status questions of ZooKeeper's protocol. */
public final class FourLetterWord {
    private static final int TIMEOUT_MILLIS = 2_000;

    private FourLetterWord() {}

    /** The answer of a server of this host to one word. Fails when nobody listens or no answer comes within two seconds. */
    public static String ask(int port, String word) throws IOException {
        return ask(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), word);
    }

    /** The server's answer to one word. Fails when nobody listens or no answer comes within two seconds. */
    static String ask(InetSocketAddress server, String word) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(server, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What {@code srvr} reports as the server's mode; empty while it does not serve or cannot be reached. */
    static Optional<String> mode(ServerAddress server) {
        try {
            return ask(new InetSocketAddress(server.host(), server.clientPort()), "srvr")
                    .lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()).strip())
                    .findFirst();
        } catch (IOException unreachable) {
            return Optional.empty();
        }
    }

    /** The keys and values of {@code mntr} of a server of this host. */
    public static Map<String, String> monitor(int port) throws IOException {
        return monitor(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** The keys and values of {@code mntr}. */
    static Map<String, String> monitor(InetSocketAddress server) throws IOException {
        var values = new TreeMap<String, String>();
        ask(server, "mntr").lines().forEach(line -> {
            var tab = line.indexOf('\t');
            if (tab > 0) {
                values.put(line.substring(0, tab), line.substring(tab + 1));
            }
        });
        return values;
    }
}
