package io.troupe.app.shell;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The data of a znode in the three ways in which {@code get} prints it, and as JSON. */
final class DataText {
    private static final int ROW = 16;
    private static final String RULE = "+--------+-------------------------------------------------+----------------+";

    private DataText() {}

    static String plain(byte @Nullable [] data) {
        return data == null ? "null" : new String(data, StandardCharsets.UTF_8);
    }

    static String base64(byte @Nullable [] data) {
        return data == null ? "null" : Base64.getEncoder().encodeToString(data);
    }

    /** Sixteen bytes a line, with their offset and as text. */
    static List<String> hex(byte @Nullable [] data) {
        if (data == null) {
            return List.of("null");
        }
        List<String> lines = new ArrayList<>();
        lines.add("         +-------------------------------------------------+");
        lines.add("         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |");
        lines.add(RULE);
        for (int row = 0; row < data.length; row += ROW) {
            StringBuilder bytes = new StringBuilder();
            StringBuilder text = new StringBuilder();
            for (int i = row; i < Math.min(row + ROW, data.length); i++) {
                bytes.append(String.format(" %02x", data[i]));
                text.append(data[i] >= ' ' && data[i] < 0x7f ? (char) data[i] : '.');
            }
            lines.add(String.format("|%08x|%-49s|%-16s|", row, bytes, text));
        }
        lines.add(RULE);
        return lines;
    }

    /** As {@code data} if it is text, as {@code data_base64} otherwise. */
    static Result json(Result result, byte @Nullable [] data) {
        if (data == null) {
            return result.with("data", null);
        }
        try {
            return result.with(
                    "data",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(data))
                            .toString());
        } catch (CharacterCodingException e) {
            return result.with("data_base64", base64(data));
        }
    }

    static byte[] fromBase64(String text) throws CommandException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("the data is not base64: " + e.getMessage(), "leave -b out for plain text");
        }
    }
}
