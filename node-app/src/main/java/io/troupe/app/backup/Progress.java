package io.troupe.app.backup;

import java.io.PrintStream;
import java.util.Locale;

/** How far something long has come, on one line that is written over; nothing where nobody looks. */
public final class Progress {
    private static final String ERASE = "\r\033[K";
    private static final int HUNDRED = 100;

    private final PrintStream output;
    private final boolean shown;
    private String last = "";

    /**
     * Nothing has been shown yet.
     *
     * @param shown whether {@code output} is a terminal
     */
    public Progress(PrintStream output, boolean shown) {
        this.output = output;
        this.shown = shown;
    }

    /** So much of the whole is done; below 0 for a whole that is not known. */
    void show(String what, long done, long whole) {
        String line = whole > 0
                ? String.format(Locale.ROOT, "%s %d %%", what, Math.min(HUNDRED, done * HUNDRED / whole))
                : String.format(Locale.ROOT, "%s %,d MiB", what, done >> 20);
        stage(line);
    }

    /** This is under way, and nobody can tell how long it takes. */
    public void stage(String line) {
        if (shown && !line.equals(last)) {
            last = line;
            output.print(ERASE + line);
            output.flush();
        }
    }

    /** The line is gone. */
    public void end() {
        if (shown && !last.isEmpty()) {
            output.print(ERASE);
            output.flush();
            last = "";
        }
    }
}
