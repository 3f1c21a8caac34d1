package io.troupe.request;

/** Encodes consecutive requests of one origin into a {@link Section}; used once. */
public final class SectionBuilder {
    private static final int USUAL_BYTES = 512;

    private final BinaryWriter out;
    private final RequestCodec.Encoder encoder;
    private final int originNode;
    private final long incarnation;
    private final long firstSequence;
    private int count;
    private boolean alone;

    /**
     * @param firstSequence the number of the first request that will be added
     */
    public SectionBuilder(int originNode, long incarnation, long firstSequence) {
        this(originNode, incarnation, firstSequence, USUAL_BYTES);
    }

    /**
     * @param firstSequence the number of the first request that will be added
     * @param expectedBytes how large the section will be, as far as anyone can tell; a wrong guess costs a copy or some memory
     */
    public SectionBuilder(int originNode, long incarnation, long firstSequence, int expectedBytes) {
        this.out = new BinaryWriter(Math.max(expectedBytes, USUAL_BYTES));
        this.encoder = new RequestCodec.Encoder(out);
        this.originNode = originNode;
        this.incarnation = incarnation;
        this.firstSequence = firstSequence;
        // Length and count are set when the section is built.
        out.putInt(0)
                .putInt(originNode)
                .putLong(incarnation)
                .putLong(firstSequence)
                .putInt(0)
                .putByte(0);
    }

    /** Appends a request. */
    public SectionBuilder add(Request request) {
        if (alone || (count > 0 && request.operation().alone())) {
            throw new IllegalStateException("a request about the members needs a section of its own");
        }
        alone = request.operation().alone();
        encoder.encode(request);
        count++;
        return this;
    }

    /** Bytes of the section so far, header included. */
    public int bytes() {
        return out.size();
    }

    /** Requests so far. */
    public int count() {
        return count;
    }

    /**
     * The section.
     *
     * @throws IllegalStateException when no request was added
     */
    public Section build() {
        if (count == 0) {
            throw new IllegalStateException("a section needs a request");
        }
        out.setInt(0, out.size() - Integer.BYTES);
        out.setInt(Section.HEADER - 1 - Integer.BYTES, count);
        out.orByte(Section.HEADER - 1, alone ? 1 : 0);
        return new Section(out.surrender(), 0, out.size(), originNode, incarnation, firstSequence, count, alone);
    }
}
