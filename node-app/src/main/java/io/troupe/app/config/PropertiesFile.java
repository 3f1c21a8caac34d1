package io.troupe.app.config;

import io.troupe.node.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file as {@link java.util.Properties} reads it, {@code =}, {@code :} or blanks behind the key, continuation lines and
 * escapes included, that remembers where each entry stands. Later entries win. Text is UTF-8, or Latin-1 where it is not
 * that; keys and values are stripped, as ZooKeeper strips them.
 */
final class PropertiesFile {
    private static final String BLANKS = " \t\f";

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final String name;
    private final StringBuilder logicalLine = new StringBuilder();
    private String place = "";

    private PropertiesFile(String name) {
        this.name = name;
    }

    /**
     * Reads a file.
     *
     * @return its entries in the order of the file
     * @throws ConfigurationException when it cannot be read, or a line has no key or a broken escape, naming file and line
     */
    static Map<String, Entry> read(File file) {
        try {
            return parse(decode(Files.readAllBytes(file.toPath())), file.toString());
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: " + e);
        }
    }

    /** Reads the text of the file {@code name}. */
    static Map<String, Entry> parse(String text, String name) {
        PropertiesFile file = new PropertiesFile(name);
        int number = 0;
        for (String line : text.split("\r\n|\r|\n", -1)) {
            number++;
            file.naturalLine(line, number);
        }
        file.endLogicalLine();
        return file.entries;
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private void naturalLine(String line, int number) {
        String written = line.substring(skip(line, 0));
        if (logicalLine.isEmpty()) {
            if (written.startsWith("#") || written.startsWith("!")) {
                return;
            }
            place = name + ": " + number;
        }
        int end = written.length();
        while (end > 0 && written.charAt(end - 1) == '\\') {
            end--;
        }
        boolean continued = (written.length() - end) % 2 == 1;
        logicalLine.append(written, 0, continued ? written.length() - 1 : written.length());
        if (!continued) {
            endLogicalLine();
        }
    }

    private void endLogicalLine() {
        String line = logicalLine.toString();
        logicalLine.setLength(0);
        if (line.isEmpty()) {
            return;
        }
        int end = endOfKey(line);
        int value = skip(line, end);
        if (value < line.length() && (line.charAt(value) == '=' || line.charAt(value) == ':')) {
            value = skip(line, value + 1);
        }
        String key = unescaped(line.substring(0, end)).strip();
        if (key.isEmpty()) {
            throw new ConfigurationException(place + ": \"" + line + "\" has no key; write key=value");
        }
        entries.put(key, new Entry(key, unescaped(line.substring(value)).strip(), place));
    }

    private static int endOfKey(String line) {
        int at = 0;
        while (at < line.length() && "=:".indexOf(line.charAt(at)) < 0 && BLANKS.indexOf(line.charAt(at)) < 0) {
            at += line.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, line.length());
    }

    private static int skip(String line, int from) {
        int at = from;
        while (at < line.length() && BLANKS.indexOf(line.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private String unescaped(String written) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < written.length(); at++) {
            char c = written.charAt(at);
            if (c == '\\' && at + 1 < written.length()) {
                at++;
                switch (written.charAt(at)) {
                    case 't' -> text.append('\t');
                    case 'n' -> text.append('\n');
                    case 'r' -> text.append('\r');
                    case 'f' -> text.append('\f');
                    case 'u' -> {
                        text.append(character(written, at + 1));
                        at += 4;
                    }
                    default -> text.append(written.charAt(at));
                }
            } else if (c != '\\') {
                text.append(c);
            }
        }
        return text.toString();
    }

    private char character(String written, int from) {
        String digits = written.substring(from, Math.min(from + 4, written.length()));
        if (!digits.matches("[0-9a-fA-F]{4}")) {
            throw new ConfigurationException(
                    place + ": \\u" + digits + " is no character; write four hexadecimal digits");
        }
        return (char) Integer.parseInt(digits, 16);
    }
}
