package io.troupe.app.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.ensemble.Zxid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How what is answered becomes JSON, and back. Numbers of 64 bits are texts, {@code "0x…"}: JavaScript cannot hold them. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    /** Maps, lists, texts, numbers, flags and null; indented, because people read it. */
    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not what JSON can say: " + value.getClass(), e);
        }
    }

    /** In as few bytes as possible. */
    static byte[] compactBytes(Object value) {
        return line(value).getBytes(StandardCharsets.UTF_8);
    }

    /** What another node says, or nothing where it is no JSON object. */
    static Optional<ObjectNode> told(byte[] text) {
        try {
            return MAPPER.readTree(text) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** In one line. */
    static String line(Object value) {
        try {
            return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not what JSON can say: " + value.getClass(), e);
        }
    }

    /** What a request's body says. */
    static ObjectNode object(byte[] body) {
        try {
            JsonNode read = MAPPER.readTree(body);
            if (read instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw Problem.badRequest("the body is no JSON: " + e.getOriginalMessage() + ", in line "
                    + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()));
        } catch (IOException e) {
            throw new IllegalStateException("the body is in memory", e);
        }
        throw Problem.badRequest("the body is no JSON object; write {…}");
    }

    static String hex(long number) {
        return Zxid.hex(number);
    }
}
