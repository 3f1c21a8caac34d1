package io.troupe.app.config;

import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a value of one of ZooKeeper's keys may be, and how ours of it is made. */
interface Unit {
    /** What any value is good for. */
    Unit TEXT = value -> value;

    /** A truth value, in all spellings that ZooKeeper's keys have. */
    Unit FLAG = value -> flag(value);

    /** A part of a whole. */
    Unit FRACTION = value -> fraction(value);

    /**
     * Ours of theirs, null where theirs is a way of saying "the default".
     *
     * @throws IllegalArgumentException when it can be none; the message is the remedy
     */
    @Nullable
    Object of(String value);

    /** Milliseconds, in these bounds. */
    static Unit millis(long least, long most) {
        return value -> number(value, least, most, "a number of milliseconds") + "ms";
    }

    /** A whole number, in these bounds. */
    static Unit whole(long least, long most) {
        return value -> number(value, least, most, "a whole number");
    }

    /** KiB, in these bounds. */
    static Unit kibibytes(long least, long most) {
        return value -> number(value, least, most, "a number of KiB") + " KiB";
    }

    /** Bytes, in these bounds; also hexadecimal and octal, as in Java. */
    static Unit bytes(long least, long most) {
        String remedy = "write a number of bytes from " + least + " to " + most + ", such as 4194304 or 0x400000";
        return value -> within(least, most, remedy, () -> Long.decode(value));
    }

    /** Another unit's values, or this one for the default. */
    default Unit orDefault(String word) {
        return value -> value.equals(word) ? null : of(value);
    }

    private static double fraction(String value) {
        String remedy = "write a number from 0 to 1, such as 0.02";
        double number;
        try {
            number = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(remedy, e);
        }
        if (!(number >= 0 && number <= 1)) {
            throw new IllegalArgumentException(remedy);
        }
        return number;
    }

    private static long number(String value, long least, long most, String what) {
        return within(least, most, "write " + what + " from " + least + " to " + most, () -> Long.parseLong(value));
    }

    private static long within(long least, long most, String remedy, LongSupplier reading) {
        long number;
        try {
            number = reading.getAsLong();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(remedy, e);
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException(remedy);
        }
        return number;
    }

    /** Reads a truth value. */
    static boolean flag(String value) {
        String word = value.toLowerCase(Locale.ROOT);
        if (!Set.of("true", "yes", "false", "no").contains(word)) {
            throw new IllegalArgumentException("write true or false");
        }
        return word.equals("true") || word.equals("yes");
    }
}
