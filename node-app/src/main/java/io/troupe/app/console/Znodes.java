package io.troupe.app.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.request.Stat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Znodes as JSON: data as text where it is text, else in base64; zxids and sessions as {@code "0x…"}, times in milliseconds. */
final class Znodes {
    private static final String TEXT = "utf-8";
    private static final String BASE64 = "base64";

    private Znodes() {}

    static Map<String, Object> stat(Stat stat) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("czxid", Json.hex(stat.czxid()));
        fields.put("mzxid", Json.hex(stat.mzxid()));
        fields.put("pzxid", Json.hex(stat.pzxid()));
        fields.put("ctime", stat.ctime());
        fields.put("mtime", stat.mtime());
        fields.put("version", stat.version());
        fields.put("cversion", stat.cversion());
        fields.put("aversion", stat.aversion());
        fields.put("ephemeralOwner", Json.hex(stat.ephemeralOwner()));
        fields.put("dataLength", stat.dataLength());
        fields.put("numChildren", stat.numChildren());
        return fields;
    }

    /** Adds the data, and how it is written. */
    static void putData(Map<String, Object> fields, byte @Nullable [] data, boolean asBase64) {
        String text = data == null || asBase64 ? null : text(data);
        fields.put(
                "data", data == null ? null : text == null ? Base64.getEncoder().encodeToString(data) : text);
        fields.put("encoding", data != null && text == null ? BASE64 : TEXT);
    }

    /** Null for what is no text. */
    private static @Nullable String text(byte[] data) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The data that a body gives; null where it says null. */
    static byte @Nullable [] data(JsonNode body) {
        JsonNode data = body.path("data");
        if (data.isNull()) {
            return null;
        }
        if (data.isMissingNode()) {
            return new byte[0];
        }
        String encoding = body.path("encoding").asText(TEXT);
        if (!data.isTextual() || !(encoding.equals(TEXT) || encoding.equals(BASE64))) {
            throw Problem.badRequest("data: write a text or null, and with \"encoding\": \"base64\" any bytes");
        }
        if (encoding.equals(TEXT)) {
            return data.textValue().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(data.textValue());
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("data: it is no base64");
        }
    }
}
