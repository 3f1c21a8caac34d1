package io.troupe.app.shell;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;

/** Rows below a header, in columns as wide as what is in them; wide characters count as two. */
final class Table {
    private static final String GAP = "  ";

    private final List<Boolean> numbers = new ArrayList<>();
    private final List<String> header = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** A column of texts, which begin below each other. */
    Table texts(String title) {
        return column(title, false);
    }

    /** A column of numbers, which end below each other. */
    Table numbers(String title) {
        return column(title, true);
    }

    private Table column(String title, boolean number) {
        header.add(title);
        numbers.add(number);
        return this;
    }

    /** Adds a row with a cell for each column. */
    Table row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + header.size() + " columns");
        }
        List<String> row = new ArrayList<>(cells.length);
        for (Object cell : cells) {
            row.add(String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    /** The header and the rows. */
    List<String> lines() {
        List<List<String>> all = new ArrayList<>(rows.size() + 1);
        all.add(header);
        all.addAll(rows);
        int[] widths = new int[header.size()];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return all.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - width(row.get(i)));
            line.append(i == 0 ? "" : GAP);
            line.append(numbers.get(i) ? padding + row.get(i) : row.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String text) {
        return new AttributedString(text).columnLength();
    }
}
