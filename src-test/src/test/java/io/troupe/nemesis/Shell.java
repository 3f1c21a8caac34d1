package io.troupe.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;

/** Runs short commands of the operating system. */
final class Shell {
    private Shell() {}

    /**
     * What a command did.
     *
     * @param status of its exit; 127 where there is no such program
     * @param output of both streams
     */
    record Result(int status, String output) {
        boolean succeeded() {
            return status == 0;
        }
    }

    /** Runs a command to its end. */
    static Result run(String... command) {
        return run(List.of(command));
    }

    /** Runs a command to its end. */
    static Result run(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (IOException noSuchProgram) {
            return new Result(127, command.get(0) + ": not installed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs a command; an {@link IllegalStateException} says how it failed. */
    static void must(String... command) {
        var result = run(command);
        if (!result.succeeded()) {
            throw new IllegalStateException(
                    String.join(" ", command) + " ended with " + result.status() + ": " + result.output());
        }
    }
}
