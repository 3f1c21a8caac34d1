package io.troupe.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where the nodes of a development ensemble are.
 *
 * @param nodes how many
 * @param data directory of everything they write
 * @param clientPort the first node's; the others have the next ones
 * @param peerPort the first node's; the others have the next ones
 * @param httpPort the first node's; the others have the next ones
 */
record DevEnsemble(int nodes, Path data, int clientPort, int peerPort, int httpPort) {
    private static final String HOST = "127.0.0.1";

    int clientPort(int node) {
        return clientPort + node - 1;
    }

    int peerPort(int node) {
        return peerPort + node - 1;
    }

    int httpPort(int node) {
        return httpPort + node - 1;
    }

    /** What clients connect to. */
    String connectString() {
        return numbers().map(node -> HOST + ":" + clientPort(node)).collect(Collectors.joining(","));
    }

    /**
     * A node's own directory. An ensemble remembers its voters' addresses, so ensembles of another size or on other ports
     * have directories of their own.
     */
    Path directory(int node) {
        return data.resolve(nodes + "-nodes-at-" + clientPort + "-" + peerPort).resolve("node-" + node);
    }

    /** The text of a node's configuration file. */
    String configuration(int node) {
        String seeds = numbers()
                .map(n -> "  \"akka://troupe@" + HOST + ":" + peerPort(n) + "\"")
                .collect(Collectors.joining(",\n"));
        return """
                # Written by troupe dev at each start.
                akka.cluster.seed-nodes = [
                %s
                ]
                troupe {
                  host = "%s"
                  client-port = %d
                  peer-port = %d
                  data-dir = "%s"
                  http.port = %d
                  four-letter-words = "*"
                }
                """.formatted(
                        seeds,
                        HOST,
                        clientPort(node),
                        peerPort(node),
                        quoted(directory(node).resolve("data").toAbsolutePath().normalize()),
                        httpPort(node));
    }

    /** Writes the configuration files and answers where they are, in the nodes' order. */
    List<Path> writeConfigurations() throws IOException {
        List<Path> files = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            Files.createDirectories(directory(node));
            Path file = directory(node).resolve("application.conf");
            Files.writeString(file, configuration(node));
            files.add(file);
        }
        return files;
    }

    /** Why the ensemble cannot start, with a remedy; empty when all of its ports are free. */
    Optional<String> portProblem() {
        for (int node = 1; node <= nodes; node++) {
            Optional<String> problem = PortCheck.problem("--client-port", HOST, clientPort(node));
            if (problem.isEmpty()) {
                problem = PortCheck.problem("--peer-port", HOST, peerPort(node));
            }
            if (problem.isEmpty()) {
                problem = PortCheck.problem("--http-port", HOST, httpPort(node));
            }
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private java.util.stream.Stream<Integer> numbers() {
        return java.util.stream.IntStream.rangeClosed(1, nodes).boxed();
    }

    private static String quoted(Path path) {
        return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
