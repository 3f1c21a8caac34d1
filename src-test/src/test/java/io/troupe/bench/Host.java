package io.troupe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where it was measured.
 *
 * @param java version of the JDK, of this tool and of all servers
 * @param fileSystem type of the one that holds the data of all servers
 */
record Host(Runtime.Version java, int cores, long memoryMebibytes, String fileSystem, String kernel) {
    static Host here() throws IOException {
        long memory;
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            memory = lines.filter(line -> line.startsWith("MemTotal:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst()
                    .orElse(0);
        }
        return new Host(
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                memory,
                Files.getFileStore(Path.of("target").toAbsolutePath()).type(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"));
    }

    /** Names the release of Java in names of files. */
    String jdk() {
        return "jdk" + java.feature();
    }

    String title() {
        return "JDK " + java.feature();
    }

    String words() {
        return "JDK " + java + ", " + cores + " cores, " + Numbers.shown(memoryMebibytes >> 10) + " GiB of memory, "
                + kernel + ", data on " + fileSystem;
    }
}
