package io.troupe.sim;

import akka.actor.typed.ActorRef;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Texts of messages for traces: the same in every run, which identity hashes and incarnation numbers are not. */
final class Describe {
    private static final int MAX_ELEMENTS = 6;

    private Describe() {}

    static String value(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof byte[] bytes) {
            return bytes.length + "B";
        }
        if (value instanceof ActorRef<?> ref) {
            return ref.path().name();
        }
        if (value instanceof Long number && (number > 0xffff_ffffL || number < -1)) {
            return "0x" + Long.toHexString(number);
        }
        if (value instanceof Collection<?> many) {
            return elements(many);
        }
        if (value instanceof Map<?, ?> map) {
            return elements(map.entrySet());
        }
        if (value instanceof Map.Entry<?, ?> entry) {
            return value(entry.getKey()) + "=" + value(entry.getValue());
        }
        if (value.getClass().isRecord()) {
            return record(value);
        }
        String text = value.toString();
        return text.matches(".*@[0-9a-f]{4,}.*") ? value.getClass().getSimpleName() : text;
    }

    private static String elements(Collection<?> many) {
        String shown = many.stream().limit(MAX_ELEMENTS).map(Describe::value).collect(Collectors.joining(", "));
        return many.size() > MAX_ELEMENTS ? "[" + shown + ", ... " + many.size() + "]" : "[" + shown + "]";
    }

    private static String record(Object value) {
        StringBuilder text = new StringBuilder(value.getClass().getSimpleName()).append('(');
        String separator = "";
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            text.append(separator).append(component.getName()).append('=').append(read(component, value));
            separator = ", ";
        }
        return text.append(')').toString();
    }

    private static String read(RecordComponent component, Object value) {
        try {
            component.getAccessor().setAccessible(true);
            return value(component.getAccessor().invoke(value));
        } catch (IllegalAccessException | InvocationTargetException e) {
            return "?";
        }
    }
}
