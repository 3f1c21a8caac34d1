package io.troupe.bench;

import java.util.List;

/** How many times better than ZooKeeper's each figure is: a bar each, on a logarithmic scale, beside what had to be reached. */
final class RatioChart {
    private static final int LABELS = 380;
    private static final int WIDTH = 860;
    private static final int RIGHT = 60;
    private static final int ROW = 20;
    private static final int TOP = 40;
    private static final double LEAST = 0.25;
    private static final double GREATEST = 64;

    private RatioChart() {}

    /**
     * A figure.
     *
     * @param better how many times better Troupe is; below 1 it is worse
     * @param reach what had to be reached, NaN where that is no ratio
     * @param aim what was hoped for, NaN where that is no ratio
     */
    record Bar(String label, double better, double reach, double aim) {}

    static String draw(List<Bar> bars) {
        Svg svg = new Svg(WIDTH, TOP + ROW * bars.size() + ROW);
        double bottom = TOP + ROW * bars.size();
        svg.text(LABELS, ROW - 4, "start", "times better than ZooKeeper; red: to reach, green: to aim for");
        for (double tick = LEAST; tick <= GREATEST; tick *= 2) {
            svg.line(x(tick), TOP - 4, x(tick), bottom, tick == 1 ? "axis" : "grid");
            svg.text(x(tick), TOP - 8, "middle", Numbers.shown(tick));
        }
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double y = TOP + ROW * i;
            svg.text(LABELS - 8, y + ROW - 6, "end", bar.label());
            double from = Math.min(x(1), x(bar.better()));
            svg.bar(from, y + 4, Math.abs(x(bar.better()) - x(1)), ROW - 8, "troupe");
            mark(svg, bar.reach(), y, "reach");
            mark(svg, bar.aim(), y, "aim");
        }
        return svg.toString();
    }

    private static void mark(Svg svg, double value, double y, String style) {
        if (Double.isFinite(value)) {
            svg.line(x(value), y + 2, x(value), y + ROW - 2, style);
        }
    }

    private static double x(double value) {
        double place = Math.log(Math.min(GREATEST, Math.max(LEAST, value)) / LEAST) / Math.log(GREATEST / LEAST);
        return LABELS + place * (WIDTH - RIGHT - LABELS);
    }
}
