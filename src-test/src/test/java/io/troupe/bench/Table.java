package io.troupe.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of cells, written for a screen or as Markdown. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heads) {
        rows.add(List.of(heads));
    }

    void row(List<String> cells) {
        if (cells.size() != rows.get(0).size()) {
            throw new IllegalArgumentException(cells + " has not as many cells as " + rows.get(0));
        }
        rows.add(List.copyOf(cells));
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    /** In columns of equal width. */
    String text() {
        List<Integer> widths = IntStream.range(0, rows.get(0).size())
                .mapToObj(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toList();
        return rows.stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(i -> row.get(i)
                                + " ".repeat(widths.get(i) - row.get(i).length()))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    String markdown() {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(
                    row.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |")));
            if (lines.size() == 1) {
                lines.add("|---".repeat(row.size()) + "|");
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
