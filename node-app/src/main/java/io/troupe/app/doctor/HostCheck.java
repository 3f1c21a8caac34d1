package io.troupe.app.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Limits, memory and Java. */
final class HostCheck implements Check {
    private static final long LEAST_FILES = 8_192;
    private static final long LEAST_PROCESSES = 1_024;
    private static final int LEAST_JAVA = 17;
    private static final String MEMORY = "memory";
    private static final String LIMITS = "limits";

    @Override
    public List<Finding> examine(Subject subject, Surroundings around) {
        List<Finding> findings = new ArrayList<>();
        findings.add(java(around));
        String limits = around.holder(subject.settings().node().peerPort())
                .filter(Surroundings.Holder::isNode)
                .flatMap(node -> around.text("/proc/" + node.pid() + "/limits"))
                .or(() -> around.text("/proc/self/limits"))
                .orElse("");
        limit(limits, "Max open files", "nofile", LEAST_FILES, "each client connection takes one")
                .ifPresent(findings::add);
        limit(limits, "Max processes", "nproc", LEAST_PROCESSES, "each thread takes one")
                .ifPresent(findings::add);
        findings.add(memory(subject, around));
        swap(around).ifPresent(findings::add);
        hugePages(around).ifPresent(findings::add);
        return findings;
    }

    private static Finding java(Surroundings around) {
        return around.javaVersion() < LEAST_JAVA
                ? Finding.fail("Java", around.javaName(), "install Java 17 or later, or point JAVA_HOME to it")
                : Finding.ok("Java", around.javaName());
    }

    private static Optional<Finding> limit(String limits, String line, String name, long least, String why) {
        Matcher found = Pattern.compile(Pattern.quote(line) + "\\s+(\\S+)").matcher(limits);
        if (!found.find()) {
            return Optional.empty();
        }
        String soft = found.group(1);
        String seen = name + " " + soft;
        return Optional.of(
                !soft.equals("unlimited") && Long.parseLong(soft) < least
                        ? Finding.warn(
                                LIMITS,
                                seen,
                                why + ": raise it (LimitNOFILE and LimitNPROC of the systemd unit, ulimit, or"
                                        + " /etc/security/limits.conf)")
                        : Finding.ok(LIMITS, seen));
    }

    // ---- memory ----

    private static Finding memory(Subject subject, Surroundings around) {
        long heap = around.maxHeapBytes();
        long host = Math.min(
                kibibytes(around, "/proc/meminfo", "MemTotal").orElse(Long.MAX_VALUE),
                around.text("/sys/fs/cgroup/memory.max")
                        .map(String::strip)
                        .filter(text -> text.matches("\\d{1,18}"))
                        .map(Long::valueOf)
                        .orElse(Long.MAX_VALUE));
        long snapshot = around.snapshotBytes(Path.of(subject.settings().node().dataDir()));
        String seen = String.format(
                Locale.ROOT,
                "heap up to %,d MiB%s%s",
                heap >> 20,
                host == Long.MAX_VALUE ? "" : String.format(Locale.ROOT, " of %,d MiB here", host >> 20),
                snapshot == 0 ? "" : String.format(Locale.ROOT, "; the newest snapshot has %,d MiB", snapshot >> 20));
        if (heap > host) {
            return Finding.fail(
                    MEMORY, seen, "there is less memory than the heap may take: lower -Xmx in TROUPE_JVM_OPTS");
        }
        if (heap > host / 4 * 3) {
            return Finding.warn(
                    MEMORY,
                    seen,
                    "leave a quarter of the memory to what is outside the heap and to the page cache: lower -Xmx in"
                            + " TROUPE_JVM_OPTS");
        }
        // A tree takes a little more than its snapshot, and the collector needs room beside it.
        return snapshot > heap / 3
                ? Finding.warn(
                        MEMORY,
                        seen,
                        "give the heap three times what the tree takes: raise -Xmx in TROUPE_JVM_OPTS, see docs/install.md")
                : Finding.ok(MEMORY, seen);
    }

    private static Optional<Long> kibibytes(Surroundings around, String file, String field) {
        Matcher found = Pattern.compile("(?m)^" + field + ":\\s+(\\d+) kB")
                .matcher(around.text(file).orElse(""));
        return found.find() ? Optional.of(Long.parseLong(found.group(1)) << 10) : Optional.empty();
    }

    private static Optional<Finding> swap(Surroundings around) {
        long total = kibibytes(around, "/proc/meminfo", "SwapTotal").orElse(0L);
        if (total == 0) {
            return Optional.of(Finding.ok("swap", "none"));
        }
        int eagerness = around.text("/proc/sys/vm/swappiness")
                .map(String::strip)
                .filter(text -> text.matches("\\d{1,3}"))
                .map(Integer::valueOf)
                .orElse(60);
        String seen = String.format(Locale.ROOT, "%,d MiB, swappiness %d", total >> 20, eagerness);
        return Optional.of(
                eagerness > 10
                        ? Finding.warn(
                                "swap",
                                seen,
                                "a collection that meets a swapped page stands still, and the node with it: switch swap off, or set"
                                        + " vm.swappiness to 1")
                        : Finding.ok("swap", seen));
    }

    private static Optional<Finding> hugePages(Surroundings around) {
        return around.text("/sys/kernel/mm/transparent_hugepage/enabled")
                .map(String::strip)
                .map(seen -> seen.contains("[never]")
                        ? Finding.warn(
                                "huge pages",
                                "switched off",
                                "write madvise to /sys/kernel/mm/transparent_hugepage/enabled: a node that is killed is noticed"
                                        + " sooner, because its memory goes faster")
                        : Finding.ok("huge pages", seen));
    }
}
