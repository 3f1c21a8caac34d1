package io.troupe.bench;

/**
 * What a figure must come to.
 *
 * @param ratio whether it is Troupe's figure divided by ZooKeeper's that counts; otherwise Troupe's own
 * @param atLeast whether more is better; otherwise less
 * @param limit the ratio or the figure itself, in the figure's own unit
 */
record Bound(boolean ratio, boolean atLeast, double limit) {
    private static final double PART = 1e-6;

    static Bound ratioAtLeast(double limit) {
        return new Bound(true, true, limit);
    }

    static Bound ratioAtMost(double limit) {
        return new Bound(true, false, limit);
    }

    static Bound valueAtMost(double limit) {
        return new Bound(false, false, limit);
    }

    /** Whether it is met by these medians; never where the one it needs is NaN. */
    boolean met(double troupe, double zookeeper) {
        double value = ratio ? troupe / zookeeper : troupe;
        return atLeast ? value >= limit : value <= limit;
    }

    @Override
    public String toString() {
        // A third is easier to read than 0.333.
        double inverse = 1 / limit;
        boolean part = ratio && limit < 1 && Math.abs(inverse - Math.rint(inverse)) < PART;
        String number = part ? "1/" + Numbers.shown(Math.rint(inverse)) : Numbers.shown(limit);
        return (atLeast ? "\u2265 " : "\u2264 ") + number + (ratio ? "x" : "");
    }
}
