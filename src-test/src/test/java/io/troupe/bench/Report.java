package io.troupe.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tables of what was measured, beside what was asked for. */
final class Report {
    private final Results results;

    Report(Results results) {
        this.results = results;
    }

    /** A row for each figure of scenarios that are no series. */
    Table figures(List<Scenario> scenarios) {
        Table table = new Table("workload", "figure", "Troupe", "ZooKeeper", "ratio", "reach", "aim", "");
        for (Scenario scenario : scenarios) {
            String words = scenario.words() + remarks(scenario);
            for (Results.Key key : scenario.isSeries() ? List.<Results.Key>of() : results.keys(scenario)) {
                List<String> row = new ArrayList<>(List.of(words, key.figure()));
                row.addAll(measured(scenario, key));
                row.addAll(asked(scenario, key));
                table.row(row);
                words = "";
            }
        }
        return table;
    }

    private static String remarks(Scenario scenario) {
        String remarks = scenario.conditions(0).remarks();
        return remarks.isEmpty() ? "" : " (" + remarks + ")";
    }

    /** A row for each size and figure of a series. */
    Table series(Scenario series) {
        Table table = new Table(series.axis(), "figure", "Troupe", "ZooKeeper", "ratio", "heap, MiB");
        long last = -1;
        for (Results.Key key : results.keys(series)) {
            List<String> row = new ArrayList<>();
            row.add(key.point() == last ? "" : Numbers.shown(key.point()));
            row.add(key.figure());
            row.addAll(measured(series, key));
            row.add(
                    key.point() == last
                            ? ""
                            : Numbers.shown(series.conditions(key.point()).heapMebibytes()));
            table.row(row);
            last = key.point();
        }
        return table;
    }

    private List<String> measured(Scenario scenario, Results.Key key) {
        Spread troupe = results.spread(scenario, key, Contender.TROUPE);
        Spread zookeeper = results.spread(scenario, key, Contender.ZOOKEEPER);
        return List.of(troupe.toString(), zookeeper.toString(), Numbers.shown(ratio(troupe, zookeeper)));
    }

    private static double ratio(Spread troupe, Spread zookeeper) {
        return zookeeper.median() == 0 ? Double.NaN : troupe.median() / zookeeper.median();
    }

    private List<String> asked(Scenario scenario, Results.Key key) {
        Optional<Target> target = scenario.targets().stream()
                .filter(each -> each.figure().equals(key.figure()))
                .findFirst();
        return target.map(each -> List.of(each.reach().toString(), each.aim().toString(), verdict(scenario, key, each)))
                .orElse(List.of("", "", ""));
    }

    private String verdict(Scenario scenario, Results.Key key, Target target) {
        return target.verdict(
                results.spread(scenario, key, Contender.TROUPE).median(),
                results.spread(scenario, key, Contender.ZOOKEEPER).median());
    }

    /** The figures that fall short of what they had to reach. */
    List<String> shortfalls(List<Scenario> scenarios) {
        List<String> all = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            for (Target target : scenario.targets()) {
                Results.Key key = new Results.Key(0, target.figure());
                if (results.keys(scenario).contains(key)
                        && verdict(scenario, key, target).equals("short")) {
                    List<String> measured = measured(scenario, key);
                    all.add("%s, %s: %s, ZooKeeper %s, ratio %s; to reach: %s"
                            .formatted(
                                    scenario.title(),
                                    target.figure(),
                                    measured.get(0),
                                    measured.get(1),
                                    measured.get(2),
                                    target.reach()));
                }
            }
        }
        return all;
    }

    /** How many times better than ZooKeeper's a figure is, and has to be; in the order of the table. */
    List<RatioChart.Bar> bars(List<Scenario> scenarios) {
        List<RatioChart.Bar> bars = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            for (Target target : scenario.targets()) {
                Results.Key key = new Results.Key(0, target.figure());
                double ratio = ratio(
                        results.spread(scenario, key, Contender.TROUPE),
                        results.spread(scenario, key, Contender.ZOOKEEPER));
                if (Double.isFinite(ratio) && ratio > 0) {
                    bars.add(new RatioChart.Bar(
                            scenario.title() + ": " + target.figure(),
                            better(ratio, target.reach()),
                            better(target.reach()),
                            better(target.aim())));
                }
            }
        }
        return bars;
    }

    private static double better(double ratio, Bound bound) {
        return bound.atLeast() ? ratio : 1 / ratio;
    }

    private static double better(Bound bound) {
        return bound.ratio() ? better(bound.limit(), bound) : Double.NaN;
    }
}
