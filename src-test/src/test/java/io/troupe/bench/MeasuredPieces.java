package io.troupe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/** The part of docs/benchmarks.md about pieces of the code that were measured alone. */
public final class MeasuredPieces {
    private MeasuredPieces() {}

    /** Puts these in the place of what the page says of pieces on this release of Java. */
    public static void write(Path docs, Collection<RunResult> results) throws IOException {
        Host host = Host.here();
        Table table = new Table("piece", "parameters", "time", "error (99.9 %)");
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            table.row(List.of(
                    // Without its package.
                    params.getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"),
                    params.getParamsKeys().stream()
                            .map(key -> key + " " + params.getParam(key))
                            .collect(Collectors.joining(", ")),
                    String.format(
                            Locale.ROOT,
                            "%s %s",
                            Numbers.shown(result.getPrimaryResult().getScore()),
                            result.getPrimaryResult().getScoreUnit()),
                    Numbers.shown(result.getPrimaryResult().getScoreError())));
        }
        Path page = docs.resolve(Documents.PAGE);
        String text = "## Hot pieces alone, " + host.title() + "\n\n" + host.words() + ". Average times, by JMH.\n\n"
                + table.markdown();
        Files.writeString(page, Documents.replaced(Files.readString(page), "pieces-" + host.jdk(), text));
    }
}
