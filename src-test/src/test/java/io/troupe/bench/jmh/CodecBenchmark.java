package io.troupe.bench.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.clientport.jute.ClientFrame;
import io.troupe.app.clientport.jute.MalformedFrameException;
import io.troupe.app.clientport.jute.RequestDecoder;
import io.troupe.app.clientport.jute.RequestShape;
import io.troupe.app.clientport.jute.ServerFrame;
import io.troupe.edge.WatchEvent;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.RequestCodec;
import io.troupe.request.RequestFormatException;
import io.troupe.request.Result;
import io.troupe.request.Section;
import io.troupe.request.SectionBuilder;
import io.troupe.request.Stat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Reading a client's frame, writing an answer, and the encoding between nodes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    private static final int SET_DATA = 5;
    private static final int GET_DATA = 4;
    private static final String PATH = "/bench/p0123/n0000000000004711";
    private static final WatchEvent EVENT = new WatchEvent(WatchEvent.Type.DATA_CHANGED, PATH);
    private static final int REQUESTS = 100;

    /** Bytes of data. */
    @Param({"100", "1024"})
    public int bytes;

    private final RequestDecoder decoder =
            new RequestDecoder(true, true, Authenticators.usual().aclSyntax());

    private ByteBuf setDataFrame = Unpooled.EMPTY_BUFFER;
    private ByteBuf getDataFrame = Unpooled.EMPTY_BUFFER;
    private final ByteBuf out = Unpooled.directBuffer(64 * 1024);
    private byte[] data = new byte[0];
    private ServerFrame answer = new ServerFrame.Header(0, 0, 0);
    private Section section = sectionOf(new byte[0]);

    @Setup
    public void setUp() throws MalformedFrameException {
        data = new byte[bytes];
        byte[] path = PATH.getBytes(StandardCharsets.UTF_8);
        setDataFrame = Unpooled.directBuffer()
                .writeInt(1)
                .writeInt(SET_DATA)
                .writeInt(path.length)
                .writeBytes(path)
                .writeInt(bytes)
                .writeBytes(data)
                .writeInt(-1);
        getDataFrame = Unpooled.directBuffer()
                .writeInt(1)
                .writeInt(GET_DATA)
                .writeInt(path.length)
                .writeBytes(path)
                .writeBoolean(false);
        Stat stat = new Stat(1, 2, 3, 4, 5, 6, 7, 8, bytes, 0, 9);
        answer = new ServerFrame.Reply(
                RequestShape.of(decoder.decode(getDataFrame.duplicate(), List.of())), 5, new Result.Data(data, stat));
        section = sectionOf(data);
    }

    private static Section sectionOf(byte[] data) {
        SectionBuilder builder = new SectionBuilder(1, 1, 1);
        for (int i = 0; i < REQUESTS; i++) {
            builder.add(new Request(77, 5, i, List.of(), new Operation.SetData(PATH, data, -1)));
        }
        return builder.build();
    }

    /** A frame of setData to an operation. */
    @Benchmark
    public ClientFrame decodeSetData() throws MalformedFrameException {
        return decoder.decode(setDataFrame.duplicate(), List.of());
    }

    /** A frame of getData to an operation. */
    @Benchmark
    public ClientFrame decodeGetData() throws MalformedFrameException {
        return decoder.decode(getDataFrame.duplicate(), List.of());
    }

    /** The answer to getData. */
    @Benchmark
    public ByteBuf encodeData() {
        out.clear();
        answer.encode(out);
        return out;
    }

    /** A watch that fired. */
    @Benchmark
    public ByteBuf encodeEvent() {
        out.clear();
        new ServerFrame.Event(EVENT, 5).encode(out);
        return out;
    }

    /** A hundred setData of one session to what travels between nodes. */
    @Benchmark
    public Section encodeSection() {
        return sectionOf(data);
    }

    /** The same, back. */
    @Benchmark
    public List<Request> decodeSection() throws RequestFormatException {
        return RequestCodec.decode(section);
    }
}
