package io.troupe.bench;

import java.util.Locale;

/** Numbers as people read them: three digits that mean something, thousands apart. */
final class Numbers {
    private Numbers() {}

    static String shown(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String shown(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        if (size >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f", value);
    }
}
