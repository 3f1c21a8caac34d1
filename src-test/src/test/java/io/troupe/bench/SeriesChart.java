package io.troupe.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How figures of a series grow with its size: a panel for each figure, two beside each other, both axes logarithmic. */
final class SeriesChart {
    private static final int PANEL_WIDTH = 430;
    private static final int PANEL_HEIGHT = 250;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 40;

    private final String axis;
    private final List<Panel> panels;

    /**
     * A figure.
     *
     * @param curves medians by size
     */
    record Panel(String figure, Map<Contender, TreeMap<Long, Double>> curves) {
        double least() {
            return curves.values().stream()
                    .flatMap(curve -> curve.values().stream())
                    .mapToDouble(Double::doubleValue)
                    .min()
                    .orElse(1);
        }

        double greatest() {
            return curves.values().stream()
                    .flatMap(curve -> curve.values().stream())
                    .mapToDouble(Double::doubleValue)
                    .max()
                    .orElse(1);
        }

        List<Long> sizes() {
            return curves.values().stream()
                    .flatMap(curve -> curve.keySet().stream())
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    SeriesChart(String axis, List<Panel> panels) {
        this.axis = axis;
        this.panels = List.copyOf(panels);
    }

    String draw() {
        int rows = (panels.size() + 1) / 2;
        Svg svg = new Svg(2 * PANEL_WIDTH, rows * PANEL_HEIGHT);
        for (int i = 0; i < panels.size(); i++) {
            draw(svg, panels.get(i), i % 2 * PANEL_WIDTH, i / 2 * PANEL_HEIGHT);
        }
        return svg.toString();
    }

    private void draw(Svg svg, Panel panel, double left, double top) {
        Scale x = new Scale(
                panel.sizes().get(0),
                panel.sizes().get(panel.sizes().size() - 1),
                left + LEFT,
                left + PANEL_WIDTH - RIGHT);
        double low = Math.pow(10, Math.floor(Math.log10(Math.max(1e-6, panel.least()))));
        double high = Math.pow(10, Math.ceil(Math.log10(Math.max(1e-6, panel.greatest()))));
        Scale y = new Scale(low, high > low ? high : low * 10, top + PANEL_HEIGHT - BOTTOM, top + TOP);
        svg.text(left + LEFT, top + TOP - 22, "start", panel.figure());
        legend(svg, panel, left + PANEL_WIDTH - RIGHT, top + TOP - 22);
        for (double tick = y.least(); tick <= y.greatest() * 1.001; tick *= 10) {
            svg.line(x.from(), y.at(tick), x.to(), y.at(tick), "grid");
            svg.text(x.from() - 6, y.at(tick) + 4, "end", Numbers.shown(tick));
        }
        svg.line(x.from(), y.from(), x.to(), y.from(), "axis");
        for (long size : panel.sizes()) {
            double place = x.at((double) size);
            svg.line(place, y.from(), place, y.from() + 4, "axis");
            svg.text(place, y.from() + 16, "middle", Numbers.shown(size));
        }
        svg.text((x.from() + x.to()) / 2, y.from() + 32, "middle", axis);
        panel.curves().forEach((contender, curve) -> {
            String style = contender.name().toLowerCase(Locale.ROOT);
            List<String> points = new ArrayList<>();
            curve.forEach((size, value) -> {
                points.add(String.format(Locale.ROOT, "%.1f,%.1f", x.at(size), y.at(value)));
                svg.dot(x.at(size), y.at(value), style);
            });
            svg.curve(String.join(" ", points), style);
        });
    }

    private static void legend(Svg svg, Panel panel, double right, double y) {
        double at = right;
        for (Contender contender : panel.curves().keySet()) {
            svg.text(at, y, "end", contender.toString());
            at -= 8.0 * contender.toString().length();
            svg.dot(at - 4, y - 4, contender.name().toLowerCase(Locale.ROOT));
            at -= 20;
        }
    }

    /**
     * A logarithmic scale.
     *
     * @param from place of {@code least}, in pixels
     * @param to place of {@code greatest}
     */
    private record Scale(double least, double greatest, double from, double to) {
        double at(double value) {
            if (greatest <= least) {
                return (from + to) / 2;
            }
            double place = Math.log(Math.max(value, least) / least) / Math.log(greatest / least);
            return from + place * (to - from);
        }
    }
}
