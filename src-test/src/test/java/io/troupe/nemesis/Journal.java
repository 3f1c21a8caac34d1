package io.troupe.nemesis;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The log of a run, on the screen and in a file, each line with its time; and what went wrong. Thread safe. */
final class Journal implements AutoCloseable {
    /** Lines for one kind of finding; the rest is only counted. */
    private static final int SHOWN = 10;

    private final long began = System.nanoTime();
    private final PrintStream file;
    private final Map<String, Integer> findings = new ConcurrentHashMap<>();

    Journal(Path file) {
        try {
            this.file = new PrintStream(Files.newOutputStream(file), true, "UTF-8");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a line with its time. */
    void say(String line) {
        print(String.format(
                Locale.ROOT,
                "%tT %+9.3fs  %s",
                LocalTime.now(ZoneId.systemDefault()),
                (System.nanoTime() - began) / 1e9,
                line));
    }

    /** Writes text as it is. */
    synchronized void print(String text) {
        System.out.println(text);
        file.println(text);
    }

    /** Writes down something that no fault explains; the run has failed. */
    void finding(String kind, String details) {
        var count = findings.merge(kind, 1, Integer::sum);
        if (count <= SHOWN) {
            say("FINDING " + kind + ": " + details);
        }
    }

    /** How often each kind was found. */
    Map<String, Integer> findings() {
        return Map.copyOf(findings);
    }

    @Override
    public void close() {
        file.close();
    }
}
