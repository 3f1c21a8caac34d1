package io.troupe.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The keys that exist: those of {@code reference.conf}. */
final class KnownKeys {
    private static final String ROOT = "troupe";

    private final TreeSet<String> keys = new TreeSet<>();

    KnownKeys(Config reference) {
        keys.addAll(paths(reference).keySet());
    }

    /** A line for each key of {@code config} that does not exist, with the one that was probably meant. */
    List<String> unknownIn(Config config) {
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, ConfigValue> entry : paths(config).entrySet()) {
            String key = entry.getKey();
            if (!keys.contains(key)) {
                problems.add("%s (%s) is no key of Troupe: did you mean %s?"
                        .formatted(key, entry.getValue().origin().description(), nearest(key)));
            }
        }
        return problems;
    }

    /** An existing key below {@code key}, or the one that differs in the fewest letters. */
    String nearest(String key) {
        String nearest = ROOT;
        int least = Integer.MAX_VALUE;
        for (String candidate : keys) {
            int distance = candidate.startsWith(key + '.') ? 0 : distance(key, candidate);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static SortedMap<String, ConfigValue> paths(Config config) {
        SortedMap<String, ConfigValue> paths = new TreeMap<>();
        config.withOnlyPath(ROOT).entrySet().forEach(entry -> paths.put(entry.getKey(), entry.getValue()));
        return paths;
    }

    /** Letters to insert, delete or replace to make one of the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
