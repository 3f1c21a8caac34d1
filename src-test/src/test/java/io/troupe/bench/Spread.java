package io.troupe.bench;

import java.util.List;

/**
 * What several rounds came to.
 *
 * @param median of an even number of rounds, the mean of the two in the middle; NaN of none
 */
record Spread(double median, double least, double greatest) {
    static Spread of(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
        String shown = Numbers.shown(median);
        return least == greatest || Double.isNaN(median)
                ? shown
                : shown + " (" + Numbers.shown(least) + " to " + Numbers.shown(greatest) + ")";
    }
}
