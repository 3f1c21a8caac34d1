package io.troupe.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.troupe.recipes.ServiceInstance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A web server that tells clients where it is: {@code server NAME}. */
public final class GreetingServer {
    private GreetingServer() {}

    public static void main(String[] args) throws IOException {
        String name = args.length > 0 ? args[0] : "server";
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] answer = ("hello from " + name).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            try (var body = exchange.getResponseBody()) {
                body.write(answer);
            }
        });
        server.start();
        int port = server.getAddress().getPort();
        Application application = Application.start(name);
        application
                .recipes()
                .services("/examples/services")
                .register(ServiceInstance.of("greeter", name, "127.0.0.1", port))
                .registered()
                .thenAccept(lease -> application.say("serves at port " + port));
    }
}
