package io.troupe.app.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the operator wrote under ZooKeeper's names, in the file and as system properties, and what of it was asked for. */
final class Written {
    private final Map<String, Entry> file;
    private final Properties properties;
    private final boolean fileWins;
    private final Set<String> asked = new HashSet<>();

    /**
     * @param file the file's entries
     * @param fileWins whether the file wins over system properties
     */
    Written(Map<String, Entry> file, Properties properties, boolean fileWins) {
        this.file = file;
        this.properties = properties;
        this.fileWins = fileWins;
    }

    /** The setting in force of this key, null when it is not written. */
    @Nullable
    Entry find(Kind kind, String key) {
        Entry inFile = null;
        for (String spelling : kind.spellingsInFile(key)) {
            asked.add(spelling);
            inFile = inFile == null ? file.get(spelling) : inFile;
        }
        Entry property = null;
        for (String spelling : kind.spellingsOfProperty(key)) {
            asked.add(spelling);
            String value = properties.getProperty(spelling);
            property = value == null ? null : Entry.ofProperty(spelling, value);
        }
        return inFile == null || (!fileWins && property != null) ? property : inFile;
    }

    /** The file's entries whose keys begin so. */
    List<Entry> beginningWith(String prefix) {
        List<Entry> found = new ArrayList<>();
        file.forEach((key, entry) -> {
            if (key.startsWith(prefix)) {
                asked.add(key);
                found.add(entry);
            }
        });
        return found;
    }

    /**
     * Settings of {@link Kind#PROPERTY} whose keys begin so, in the order of their keys; of one key the file's where that wins,
     * else the system property's.
     */
    List<Entry> propertiesBeginningWith(String prefix) {
        TreeSet<String> keys = new TreeSet<>();
        for (Entry entry : all()) {
            String key = entry.key().replaceFirst("^zookeeper\\.", "");
            if (key.startsWith(prefix)) {
                keys.add(key);
            }
        }
        return keys.stream()
                .map(key -> find(Kind.PROPERTY, key))
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    /** Every entry of the file, and every system property whose name begins with {@code zookeeper.}. */
    List<Entry> all() {
        List<Entry> all = new ArrayList<>(file.values());
        for (String name : new TreeSet<>(properties.stringPropertyNames())) {
            if (name.startsWith("zookeeper.")) {
                all.add(Entry.ofProperty(name, properties.getProperty(name, "")));
            }
        }
        return all;
    }

    /** What nobody has asked for: it has no effect. */
    List<String> rest() {
        return all().stream()
                .filter(entry -> !asked.contains(entry.key()))
                .map(entry -> (entry.place().isEmpty() ? "-D" : "") + entry.key())
                .toList();
    }
}
