package io.troupe.app.config;

import io.troupe.node.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A file of {@code key=value} lines that remembers where each stands, for messages; later lines win. */
final class PropertiesFile {
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * One value.
     *
     * @param place file and line
     */
    record Entry(String value, String place) {}

    /**
     * Reads a file.
     *
     * @throws ConfigurationException when it cannot be read, or a line has no key, naming file and line
     */
    static PropertiesFile read(File file) {
        PropertiesFile read = new PropertiesFile();
        try {
            List<String> lines = Files.readAllLines(file.toPath(), StandardCharsets.UTF_8);
            for (int i = 0; i < lines.size(); i++) {
                read.line(lines.get(i).strip(), file + ": " + (i + 1));
            }
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: " + e);
        }
        return read;
    }

    private void line(String line, String place) {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith("!")) {
            return;
        }
        int separator = line.indexOf('=');
        if (separator < 1) {
            throw new ConfigurationException(place + ": \"" + line + "\" is no setting; write key=value");
        }
        entries.put(
                line.substring(0, separator).strip(),
                new Entry(line.substring(separator + 1).strip(), place));
    }

    /** All entries in the order of the file. */
    Map<String, Entry> entries() {
        return entries;
    }
}
