package io.troupe.env;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A small text file on a {@link Disk} that holds its text twice, each copy with a number and a checksum; the whole copy with the
 * greater number counts. A new text is written over the older copy: that changes no metadata of the file system, and so takes a fraction
 * of the time of a file put in its place. After a crash the text is there as it was before or after. {@link #writeTwin} then makes
 * the copies alike, so that damage to one of them costs nothing.
 */
public final class TwinFile {
    /** Copies share no block: one that a loss of power tears leaves the other alone. */
    private static final int BLOCK = 4096;

    private static final Pattern NUMBER = Pattern.compile("number=(\\d{1,18})\n");
    private static final String CHECKSUM = "crc=";

    private final Disk disk;
    private final String name;
    /** Null until it is known what stands there. */
    private @Nullable Content content;

    /**
     * What stands in the file.
     *
     * @param counting which of the copies counts, 0 or 1
     * @param room bytes that each copy may have
     * @param alike whether the other copy is the same
     */
    private record Content(Copy copy, int counting, int room, boolean alike) {
        /** Nobody can tell which copies are durable: a sync may have failed before the node ended. So neither is written over. */
        static Content found(Copy copy) {
            return new Content(copy, 0, 0, true);
        }

        int other() {
            return 1 - counting;
        }
    }

    /** One without a number was written before there were two. */
    private record Copy(long number, String text) {
        /** Null unless a whole one begins at {@code from}. */
        static @Nullable Copy in(byte[] bytes, int from) {
            String all = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
            int end = all.indexOf("\n" + CHECKSUM) + 1;
            String summed = all.substring(0, end);
            if (end == 0 || !all.startsWith(CHECKSUM + checksum(summed) + "\n", end)) {
                return null;
            }
            Matcher number = NUMBER.matcher(summed);
            return number.lookingAt()
                    ? new Copy(Long.parseLong(number.group(1)), summed.substring(number.end()))
                    : new Copy(0, summed);
        }

        byte[] bytes() {
            String summed = "number=" + number + "\n" + text;
            return (summed + CHECKSUM + checksum(summed) + "\n").getBytes(StandardCharsets.UTF_8);
        }

        private static String checksum(String text) {
            CRC32C crc = new CRC32C();
            crc.update(text.getBytes(StandardCharsets.UTF_8));
            return "%08x".formatted(crc.getValue());
        }
    }

    public TwinFile(Disk disk, String name) {
        this.disk = disk;
        this.name = name;
    }

    /**
     * Its text, empty where there is no such file.
     *
     * @throws DamagedFileException when neither copy is whole
     */
    public Optional<String> read() throws IOException {
        return Optional.ofNullable(content()).map(found -> found.copy.text);
    }

    private @Nullable Content content() throws IOException {
        if (content == null && disk.exists(name)) {
            content = parse(TextFile.bytes(disk, name));
        }
        return content;
    }

    private Content parse(byte[] bytes) throws DamagedFileException {
        Copy first = Copy.in(bytes, 0);
        Copy second = Copy.in(bytes, bytes.length / 2);
        if (first != null && (second == null || first.number >= second.number)) {
            return Content.found(first);
        }
        if (second != null) {
            return Content.found(second);
        }
        throw new DamagedFileException(name, 0, "it is damaged: the checksum of neither copy matches");
    }

    /**
     * Replaces the text; durable on return.
     *
     * @param text ends with a line feed, and has no line that begins with {@code crc=}
     */
    public void write(String text) throws IOException {
        Content before = content();
        Copy next = new Copy(before == null ? 1 : before.copy.number + 1, text);
        byte[] bytes = next.bytes();
        if (before == null || bytes.length > before.room) {
            content = writeAnew(next, bytes);
        } else {
            writeOver(bytes, before.other(), before.room);
            content = new Content(next, before.other(), before.room, false);
        }
    }

    private Content writeAnew(Copy copy, byte[] bytes) throws IOException {
        int room = (bytes.length + BLOCK - 1) / BLOCK * BLOCK;
        String padded = new String(padded(bytes, room), StandardCharsets.UTF_8);
        new TextFile(disk, name).write(padded + padded);
        return new Content(copy, 0, room, true);
    }

    private void writeOver(byte[] bytes, int place, int room) throws IOException {
        try (DiskFile file = disk.open(name)) {
            if (file.size() != 2L * room) {
                throw new IOException(name + " was changed by another program");
            }
            file.write(ByteBuffer.wrap(padded(bytes, room)), (long) place * room);
            file.sync();
        }
    }

    /** So that a reader sees nothing of what stood there before. */
    private static byte[] padded(byte[] bytes, int room) {
        byte[] padded = Arrays.copyOf(bytes, room);
        Arrays.fill(padded, bytes.length, room, (byte) '\n');
        return padded;
    }

    /** Makes the copies alike, if they are not. Until then, the text that was written last depends on one of them. */
    public void writeTwin() throws IOException {
        Content written = content();
        if (written != null && !written.alike) {
            writeOver(written.copy.bytes(), written.other(), written.room);
            content = new Content(written.copy, written.counting, written.room, true);
        }
    }
}
