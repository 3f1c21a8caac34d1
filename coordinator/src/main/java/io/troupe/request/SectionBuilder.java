package io.troupe.request;

/** Encodes consecutive requests of one origin into a {@link Section}. */
public final class SectionBuilder {
    private final int originNode;
    private final long incarnation;
    private final long firstSequence;
    private int count;

    /**
     * @param firstSequence the number of the first request that will be added
     */
    public SectionBuilder(int originNode, long incarnation, long firstSequence) {
        this.originNode = originNode;
        this.incarnation = incarnation;
        this.firstSequence = firstSequence;
    }

    /** Appends a request. */
    public SectionBuilder add(Request request) {
        count++;
        return this;
    }

    /** Bytes of the section so far, header included. */
    public int bytes() {
        return Section.HEADER;
    }

    /** Requests so far. */
    public int count() {
        return count;
    }

    /** The section; the builder is spent. */
    public Section build() {
        return new Section(new byte[0], originNode, incarnation, firstSequence, count);
    }
}
