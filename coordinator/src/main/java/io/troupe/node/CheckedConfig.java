package io.troupe.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads values and collects what is wrong with them, so that an operator learns of all mistakes at once. A value that is
 * wrong reads as some value within its bounds; {@link #finish} throws if there was one.
 */
final class CheckedConfig {
    private static final String AUTO = "auto";

    private final Config config;
    private final List<String> problems = new ArrayList<>();

    CheckedConfig(Config config) {
        this.config = config;
    }

    /** Throws when anything was wrong. */
    void finish() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    /** Notes that the value of {@code key} cannot be used. */
    void refuse(String key, String remedy) {
        if (config.hasPathOrNull(key)) {
            ConfigValue value = config.hasPath(key) ? config.getValue(key) : null;
            String shown = value == null ? "null" : value.render(com.typesafe.config.ConfigRenderOptions.concise());
            String origin = value == null ? "" : " (" + value.origin().description() + ")";
            problems.add(key + " = " + shown + origin + ": " + remedy);
        } else {
            problems.add(key + " is missing: " + remedy);
        }
    }

    String text(String key) {
        return read(key, "write a text, in quotes", "", () -> config.getString(key));
    }

    String nonEmptyText(String key) {
        String text = text(key).strip();
        if (text.isEmpty() && isText(key)) {
            refuse(key, "must not be empty");
        }
        return text;
    }

    /** A text that messages do not show. */
    Secret secret(String key) {
        try {
            return new Secret(config.getString(key));
        } catch (ConfigException e) {
            problems.add(key + " cannot be read: write a text, in quotes");
            return Secret.NONE;
        }
    }

    /** A list of texts, or one text with commas, that messages do not show. */
    List<String> secrets(String key) {
        try {
            return isText(key)
                    ? Arrays.stream(config.getString(key).split(","))
                            .filter(entry -> !entry.isBlank())
                            .toList()
                    : config.getStringList(key);
        } catch (ConfigException e) {
            refuseSecret(key, "write a list of texts, [\"…\", \"…\"]");
            return List.of();
        }
    }

    /** As {@link #refuse}, without showing the value. */
    void refuseSecret(String key, String remedy) {
        problems.add(key + ": " + remedy);
    }

    /** One of the names of an enumeration, in upper or lower case; its first where the value is none. */
    <E extends Enum<E>> E choice(String key, Class<E> all) {
        List<E> values = List.of(all.getEnumConstants());
        String written = text(key).strip();
        for (E value : values) {
            if (value.name().equalsIgnoreCase(written)) {
                return value;
            }
        }
        if (isText(key)) {
            refuse(
                    key,
                    "write one of "
                            + values.stream()
                                    .map(value -> value.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", ")));
        }
        return values.get(0);
    }

    boolean flag(String key) {
        return read(key, "write true or false", false, () -> config.getBoolean(key));
    }

    int whole(String key, int least, int most) {
        return (int) whole(key, (long) least, most);
    }

    long whole(String key, long least, long most) {
        String remedy = "write a whole number from " + least + " to " + most;
        return within(least, most, key, remedy, () -> wholeNumber(key));
    }

    /** A number from 0 on, or {@code otherwise} for the word "auto". */
    int wholeOrAuto(String key, int otherwise) {
        return is(key, AUTO) ? otherwise : whole(key, 0, Integer.MAX_VALUE);
    }

    /** A number of bytes from 0 on, also written with a unit, or {@code otherwise} for the word "auto". */
    long bytesOrAuto(String key, long otherwise) {
        return is(key, AUTO)
                ? otherwise
                : within(
                        0L,
                        Long.MAX_VALUE,
                        key,
                        "write a number of bytes, such as \"512 MiB\", 0 for no limit, or \"auto\"",
                        () -> config.getBytes(key));
    }

    /** A part of a whole, 0 to 1. */
    double fraction(String key) {
        String remedy = "write a number from 0 to 1, such as 0.02";
        double value = read(key, remedy, 0.0, () -> config.getDouble(key));
        if (!(value >= 0 && value <= 1)) {
            refuse(key, remedy);
            return 0;
        }
        return value;
    }

    /** A number of bytes, also written with a unit. */
    int bytes(String key, int least, int most) {
        String remedy = "write a size from " + least + " to " + most + " bytes, such as " + least + " or \"64 KiB\"";
        return (int) (long) within((long) least, (long) most, key, remedy, () -> config.getBytes(key));
    }

    Duration duration(String key, Duration least, Duration most) {
        String remedy =
                "write a duration from " + least.toMillis() + " ms to " + most.toMillis() + " ms, such as 500ms or 2s";
        return within(least, most, key, remedy, () -> config.getDuration(key));
    }

    private <T extends Comparable<T>> T within(T least, T most, String key, String remedy, Supplier<T> reading) {
        T value = read(key, remedy, least, reading);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            refuse(key, remedy);
            return least;
        }
        return value;
    }

    /** Several words: a list, or one text with commas. */
    List<String> words(String key) {
        return List.copyOf(new TreeSet<>(list(key)));
    }

    /** The same in the order of the file. */
    List<String> list(String key) {
        Set<String> words = new LinkedHashSet<>();
        for (String entry : isText(key) ? List.of(text(key).split(",", -1)) : texts(key)) {
            if (!entry.isBlank()) {
                words.add(entry.strip());
            }
        }
        return List.copyOf(words);
    }

    /** A list of texts. */
    List<String> texts(String key) {
        return read(key, "write a list of texts, [\"…\", \"…\"]", List.of(), () -> config.getStringList(key));
    }

    /** Whether the key holds this very word. */
    boolean is(String key, String word) {
        return isText(key) && text(key).strip().equals(word);
    }

    private boolean isText(String key) {
        return config.hasPath(key) && config.getValue(key).valueType() == ConfigValueType.STRING;
    }

    private long wholeNumber(String key) {
        String written = config.getString(key).strip();
        try {
            return Long.parseLong(written);
        } catch (NumberFormatException e) {
            throw new ConfigException.BadValue(key, "is no whole number", e);
        }
    }

    private <T> T read(String key, String remedy, T otherwise, Supplier<T> value) {
        try {
            return value.get();
        } catch (ConfigException e) {
            refuse(key, remedy);
            return otherwise;
        }
    }
}
