package io.troupe.request;

import io.troupe.ensemble.Zxid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the leader proposes, every node logs, and synchronization sends again, byte for byte: one or more sections with
 * consecutive zxids of one epoch. Truncation therefore always falls on the end of a batch.
 *
 * <pre>
 * long firstZxid
 * int  count       requests, at least 1
 * long commitZxid  the leader's commit point when it sealed the batch: a restart executes up to here
 * long timeMillis  the leader's wall clock; the time of every request in the batch
 * long digestZxid  zxid of the last request of some executed batch, 0 for none
 * long digest      the leader's tree digest after it
 * long previous    the zxid that directly precedes: the end of the batch before, of whatever epoch; 0 for none
 *      sections
 * </pre>
 */
public final class Batch {
    /** Bytes before the first section. */
    public static final int HEADER = 8 + 4 + 8 + 8 + 8 + 8 + 8;

    private final byte[] image;

    private Batch(byte[] image) {
        this.image = image;
    }

    /**
     * Wraps an encoding; the array must not change afterwards.
     *
     * @throws IllegalArgumentException when it is too short or names no request
     */
    public static Batch of(byte[] image) {
        if (image.length < HEADER || ByteBuffer.wrap(image).getInt(8) < 1) {
            throw new IllegalArgumentException("a batch of " + image.length + " bytes has no request in it");
        }
        Batch batch = new Batch(image);
        if (!batch.contiguous()) {
            throw new IllegalArgumentException(batch + " cannot follow " + Zxid.hex(batch.previousZxid()));
        }
        return batch;
    }

    /** Encodes a batch; see the class comment for the meaning of the fields. */
    public static Batch seal(
            long previousZxid,
            long firstZxid,
            long commitZxid,
            long timeMillis,
            long digestZxid,
            long digest,
            List<Section> sections) {
        int bytes = HEADER;
        int count = 0;
        for (Section s : sections) {
            bytes += s.bytes();
            count += s.count();
        }
        ByteBuffer buffer = ByteBuffer.allocate(bytes)
                .putLong(firstZxid)
                .putInt(count)
                .putLong(commitZxid)
                .putLong(timeMillis)
                .putLong(digestZxid)
                .putLong(digest)
                .putLong(previousZxid);
        for (Section s : sections) {
            s.putInto(buffer);
        }
        return of(buffer.array());
    }

    /** The next counter of its predecessor's epoch, or the first of a later one. */
    private boolean contiguous() {
        long first = firstZxid();
        long previous = previousZxid();
        return Zxid.epoch(first) == Zxid.epoch(previous)
                ? first == previous + 1
                : Zxid.epoch(first) > Zxid.epoch(previous) && Zxid.counter(first) == 1;
    }

    private ByteBuffer header() {
        return ByteBuffer.wrap(image);
    }

    /** The whole encoding; not to be changed. */
    public byte[] image() {
        return image;
    }

    public long firstZxid() {
        return header().getLong(0);
    }

    public int count() {
        return header().getInt(8);
    }

    public long lastZxid() {
        return firstZxid() + count() - 1;
    }

    public long commitZxid() {
        return header().getLong(12);
    }

    public long timeMillis() {
        return header().getLong(20);
    }

    public long digestZxid() {
        return header().getLong(28);
    }

    public long digest() {
        return header().getLong(36);
    }

    /** The sections, in zxid order; they share this batch's bytes. */
    public List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        ByteBuffer buffer = body();
        while (buffer.hasRemaining()) {
            sections.add(Section.read(buffer));
        }
        return sections;
    }

    /** The first of the sections. */
    public Section firstSection() {
        return Section.read(body());
    }

    private ByteBuffer body() {
        return ByteBuffer.wrap(image).position(HEADER);
    }

    public long previousZxid() {
        return header().getLong(44);
    }

    /**
     * Whether this batch directly follows {@code zxid}. Counters alone could not tell: where the epoch before ended, only
     * the leader that began this one knew.
     */
    public boolean follows(long zxid) {
        return previousZxid() == zxid;
    }

    @Override
    public String toString() {
        return "batch " + Zxid.hex(firstZxid()) + ".." + Zxid.hex(lastZxid());
    }
}
