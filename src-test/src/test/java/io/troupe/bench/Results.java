package io.troupe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was measured: of each scenario, size, figure and system a value per round. Kept in a file from run to run. */
final class Results {
    private static final String SEPARATOR = "\t";
    private static final int FIELDS = 6;

    /** By the title of the scenario, then by size and figure. */
    private final Map<String, Map<Key, Map<Contender, List<Double>>>> values = new LinkedHashMap<>();

    private final Map<String, String> dates = new LinkedHashMap<>();

    /**
     * What a value is of, within a scenario.
     *
     * @param point size in a series, otherwise 0
     */
    record Key(long point, String figure) {}

    /** Notes one sample. */
    void add(String scenario, String date, long point, Contender contender, Map<String, Double> sample) {
        dates.put(scenario, date);
        sample.forEach((figure, value) -> values.computeIfAbsent(scenario, s -> new LinkedHashMap<>())
                .computeIfAbsent(new Key(point, figure), k -> new EnumMap<>(Contender.class))
                .computeIfAbsent(contender, c -> new ArrayList<>())
                .add(value));
    }

    /** Puts what another run measured in the place of what is known of the same scenarios. */
    void replaceBy(Results later) {
        values.putAll(later.values);
        dates.putAll(later.dates);
    }

    boolean has(Scenario scenario) {
        return values.containsKey(scenario.title());
    }

    /** The day on which a scenario was measured. */
    String date(Scenario scenario) {
        return dates.getOrDefault(scenario.title(), "");
    }

    /** Sizes and figures of a scenario, in the order in which they were measured. */
    List<Key> keys(Scenario scenario) {
        return List.copyOf(values.getOrDefault(scenario.title(), Map.of()).keySet());
    }

    Spread spread(Scenario scenario, Key key, Contender contender) {
        return Spread.of(values.getOrDefault(scenario.title(), Map.of())
                .getOrDefault(key, Map.of())
                .getOrDefault(contender, List.of()));
    }

    /** What an earlier run has written; nothing where there is no such file. */
    static Results read(Path file) throws IOException {
        Results results = new Results();
        if (!Files.exists(file)) {
            return results;
        }
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.split(SEPARATOR, FIELDS);
            if (fields.length < FIELDS) {
                throw new IOException(
                        file + " has a line that is no result: \"" + line + "\"; remove the line, or the file");
            }
            for (String value : fields[5].split(" ", -1)) {
                results.add(
                        fields[0],
                        fields[1],
                        Long.parseLong(fields[2]),
                        Contender.valueOf(fields[4]),
                        Map.of(fields[3], Double.valueOf(value)));
            }
        }
        return results;
    }

    /** Writes all of it, a line for each scenario, size, figure and system. */
    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        values.forEach((scenario, keys) ->
                keys.forEach((key, contenders) -> contenders.forEach((contender, all) -> lines.add(String.join(
                        SEPARATOR,
                        scenario,
                        dates.getOrDefault(scenario, ""),
                        Long.toString(key.point()),
                        key.figure(),
                        contender.name(),
                        all.stream().map(String::valueOf).collect(Collectors.joining(" ")))))));
        Files.write(file, lines);
    }
}
