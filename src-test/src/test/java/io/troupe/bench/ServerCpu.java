package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processor time of server processes, user and system, as the operating system counts it. */
final class ServerCpu {
    private static final int CLOCK_TICKS_PER_SECOND = 100;

    private ServerCpu() {}

    /** Of all servers together. */
    static double seconds(EnsembleProcesses ensemble) throws IOException {
        double total = 0;
        for (ServerProcess server : ensemble.servers()) {
            total += secondsIn(Files.readString(process(server).resolve("stat")));
        }
        return total;
    }

    /** Of the threads of all servers that compile bytecode. */
    static double compilerSeconds(EnsembleProcesses ensemble) throws IOException {
        double total = 0;
        for (ServerProcess server : ensemble.servers()) {
            for (Path thread : threads(server)) {
                try {
                    String stat = Files.readString(thread.resolve("stat"));
                    if (stat.contains("(C1 Compiler") || stat.contains("(C2 Compiler")) {
                        total += secondsIn(stat);
                    }
                } catch (NoSuchFileException e) {
                    // The thread has ended since it was listed.
                }
            }
        }
        return total;
    }

    private static List<Path> threads(ServerProcess server) throws IOException {
        try (Stream<Path> threads = Files.list(process(server).resolve("task"))) {
            return threads.toList();
        }
    }

    private static Path process(ServerProcess server) {
        return Path.of("/proc", Long.toString(server.pid()));
    }

    /** Fields 14 and 15, counted behind the name, which may hold anything. */
    private static double secondsIn(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (double) (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / CLOCK_TICKS_PER_SECOND;
    }
}
