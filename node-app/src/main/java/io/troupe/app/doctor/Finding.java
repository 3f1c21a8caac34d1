package io.troupe.app.doctor;

/**
 * What came of one examination.
 *
 * @param check what was examined, one or two words
 * @param seen what there is
 * @param advice what to do; empty where all is well
 */
public record Finding(String check, Severity severity, String seen, String advice) {
    /** How bad it is. */
    public enum Severity {
        /** As it should be. */
        OK,
        /** It works, and will hurt some day. */
        WARN,
        /** The node does not start like this, or its ensemble does not serve. */
        FAIL
    }

    static Finding ok(String check, String seen) {
        return new Finding(check, Severity.OK, seen, "");
    }

    static Finding warn(String check, String seen, String advice) {
        return new Finding(check, Severity.WARN, seen, advice);
    }

    static Finding fail(String check, String seen, String advice) {
        return new Finding(check, Severity.FAIL, seen, advice);
    }
}
