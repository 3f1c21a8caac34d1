package io.troupe.node;

/**
 * A text that no log line and no message may show.
 *
 * @param text the secret itself; empty for none
 */
public record Secret(String text) {
    /** No secret. */
    public static final Secret NONE = new Secret("");

    /** What stands for it wherever it is printed. */
    @Override
    public String toString() {
        return "***";
    }
}
