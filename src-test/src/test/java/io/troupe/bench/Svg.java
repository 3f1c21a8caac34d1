package io.troupe.bench;

import java.util.Locale;

/** A drawing in SVG that can be read on a light and on a dark page: nothing is filled behind it. */
final class Svg {
    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;

    Svg(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /** A text that starts, ends or has its middle here: {@code start}, {@code end}, {@code middle}. */
    void text(double x, double y, String anchor, String text) {
        body.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                escaped(text)));
    }

    /** A line in the style of a class: {@code axis}, {@code grid}, {@code reach}, {@code aim}. */
    void line(double x1, double y1, double x2, double y2, String style) {
        body.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                style));
    }

    /** The start of a curve through points that are given as "x,y x,y". */
    void curve(String points, String style) {
        body.append(String.format(Locale.ROOT, "<polyline points=\"%s\" class=\"%s\"/>%n", points, style));
    }

    void dot(double x, double y, String style) {
        body.append(
                String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" class=\"%s\"/>%n", x, y, style));
    }

    void bar(double x, double y, double barWidth, double barHeight, String style) {
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>%n",
                x,
                y,
                Math.max(1, barWidth),
                barHeight,
                style));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public String toString() {
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">
                <style>
                text { font: 12px sans-serif; fill: #57606a; }
                line { stroke-width: 1; }
                .axis { stroke: #6e7781; }
                .grid { stroke: #6e7781; stroke-opacity: 0.25; }
                .reach { stroke: #cf222e; stroke-width: 2; }
                .aim { stroke: #1a7f37; stroke-width: 2; }
                polyline { fill: none; stroke-width: 2; }
                polyline.troupe { stroke: #2f81f7; }
                polyline.zookeeper { stroke: #bf8700; }
                circle.troupe, rect.troupe { fill: #2f81f7; }
                circle.zookeeper, rect.zookeeper { fill: #bf8700; }
                @media (prefers-color-scheme: dark) { text { fill: #c9d1d9; } .axis { stroke: #8b949e; } }
                </style>
                %s</svg>
                """.formatted(width, height, width, height, body);
    }
}
