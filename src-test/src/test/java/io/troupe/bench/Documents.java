package io.troupe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of docs/benchmarks.md that is written by this tool: for each release of Java the tables and plots of what was
 * measured last of each scenario, which docs/benchmarks keeps.
 */
final class Documents {
    static final String PAGE = "benchmarks.md";
    private static final String FOLDER = "benchmarks";

    private final Path docs;
    private final Host host;

    Documents(Path docs, Host host) {
        this.docs = docs;
        this.host = host;
    }

    /** Puts what was measured in the place of what the documents say of it. */
    void write(Results measured) throws IOException {
        Path folder = Files.createDirectories(docs.resolve(FOLDER));
        Path kept = folder.resolve("results-" + host.jdk() + ".tsv");
        Results all = Results.read(kept);
        all.replaceBy(measured);
        all.write(kept);
        String text = tables(all, folder);
        Path page = docs.resolve(PAGE);
        Files.writeString(page, replaced(Files.readString(page), host.jdk(), text));
    }

    /** A page whose part about a release of Java, which stands between two comments, is replaced, or added at the end. */
    static String replaced(String page, String jdk, String text) {
        String begin = "<!-- begin " + jdk + ": written by src-test/benchmark --write-docs -->\n";
        String end = "<!-- end " + jdk + " -->\n";
        Matcher old = Pattern.compile(Pattern.quote(begin) + ".*?" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(page);
        String part = begin + text + end;
        return old.find() ? old.replaceFirst(Matcher.quoteReplacement(part)) : page + "\n" + part;
    }

    private String tables(Results all, Path folder) throws IOException {
        List<Scenario> measured = Scenario.all().stream().filter(all::has).toList();
        Report report = new Report(all);
        List<String> parts = new ArrayList<>();
        parts.add("## " + host.title() + "\n");
        parts.add(days(all, measured) + "; " + host.words()
                + ". Medians, with the least and the greatest of all rounds.\n");
        Table figures = report.figures(measured);
        if (!figures.isEmpty()) {
            parts.add(figures.markdown());
        }
        List<String> shortfalls = report.shortfalls(measured);
        if (!shortfalls.isEmpty()) {
            parts.add("These fall short:\n");
            parts.add("- " + String.join("\n- ", shortfalls) + "\n");
        }
        List<RatioChart.Bar> bars = report.bars(measured);
        if (!bars.isEmpty()) {
            parts.add(plot(folder, "ratios", RatioChart.draw(bars), "How many times better than ZooKeeper"));
        }
        for (Scenario series : measured) {
            if (series.isSeries()) {
                parts.add("### " + series.title() + ": " + series.words() + "\n");
                parts.add(plot(
                        folder,
                        series.title(),
                        new SeriesChart(series.axis(), panels(all, series)).draw(),
                        "Figures by " + series.axis()));
                parts.add(report.series(series).markdown());
            }
        }
        return String.join("\n", parts);
    }

    private static String days(Results all, List<Scenario> measured) {
        List<String> days = measured.stream().map(all::date).distinct().sorted().toList();
        return days.size() < 2 ? String.join("", days) : days.get(0) + " to " + days.get(days.size() - 1);
    }

    private String plot(Path folder, String name, String drawing, String words) throws IOException {
        String file = name + "-" + host.jdk() + ".svg";
        Files.writeString(folder.resolve(file), drawing);
        return "![" + words + "](" + FOLDER + "/" + file + ")\n";
    }

    private static List<SeriesChart.Panel> panels(Results all, Scenario series) {
        Map<String, Map<Contender, TreeMap<Long, Double>>> byFigure = new LinkedHashMap<>();
        for (Results.Key key : all.keys(series)) {
            for (Contender contender : Contender.values()) {
                double median = all.spread(series, key, contender).median();
                if (median > 0 && !key.figure().equals(Neighbours.SHARE)) {
                    byFigure.computeIfAbsent(key.figure(), f -> new EnumMap<>(Contender.class))
                            .computeIfAbsent(contender, c -> new TreeMap<>())
                            .put(key.point(), median);
                }
            }
        }
        return byFigure.entrySet().stream()
                .map(each -> new SeriesChart.Panel(each.getKey(), each.getValue()))
                .toList();
    }
}
