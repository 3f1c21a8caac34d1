package io.troupe.recipes;

import akka.util.ByteString;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a znode of a queue holds, as Curator's {@code DistributedQueue} has it: a version, then each item as a mark, its length and its bytes, and
 * a mark of the end.
 */
final class QueueItems {
    private static final int VERSION = 0x00010001;
    private static final byte ITEM = 1;
    private static final byte END = 2;
    private static final int AROUND = Integer.BYTES + 1;

    private QueueItems() {}

    static byte[] write(List<byte[]> items) {
        int size =
                AROUND + items.stream().mapToInt(item -> AROUND + item.length).sum();
        ByteBuffer buffer = ByteBuffer.allocate(size).putInt(VERSION);
        items.forEach(item -> buffer.put(ITEM).putInt(item.length).put(item));
        return buffer.put(END).array();
    }

    /** Empty when it is nothing that {@link #write} has written. */
    static Optional<List<ByteString>> read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        List<ByteString> items = new ArrayList<>();
        try {
            if (buffer.getInt() != VERSION) {
                return Optional.empty();
            }
            byte mark = buffer.get();
            for (; mark == ITEM; mark = buffer.get()) {
                int length = buffer.getInt();
                if (length < 0 || length > buffer.remaining()) {
                    return Optional.empty();
                }
                byte[] item = new byte[length];
                buffer.get(item);
                items.add(ByteString.fromArray(item));
            }
            return mark == END ? Optional.of(List.copyOf(items)) : Optional.empty();
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }
}
