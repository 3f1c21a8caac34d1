package io.troupe.bench;

/**
 * What is asked of one figure of a scenario.
 *
 * @param figure its name
 * @param reach the least that will do
 * @param aim what is hoped for
 */
record Target(String figure, Bound reach, Bound aim) {
    /** How far medians come: the words of the last column; a dash where there is nothing to compare with. */
    String verdict(double troupe, double zookeeper) {
        if (Double.isNaN(troupe) || (reach.ratio() && Double.isNaN(zookeeper))) {
            return "-";
        }
        if (aim.met(troupe, zookeeper)) {
            return "aim";
        }
        return reach.met(troupe, zookeeper) ? "reached" : "short";
    }
}
