package io.troupe.app.clientport.jute;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.request.Identity;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No bytes make the decoder fail in another way than it says. {@code -Dtroupe.test.fuzz.seed=N} repeats a run. */
class RequestDecoderFuzzTest {
    private static final int FRAMES = 1_000_000;
    private static final int LONGEST = 160;
    private static final int HEADER = 8;
    private static final long SEED = Long.getLong("troupe.test.fuzz.seed", 20_251_121);
    private static final List<Identity> IDENTITIES = List.of(new Identity("digest", "a:b"), new Identity("ip", "::1"));
    private static final int[] TYPES = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 14, 14, 15, 16, 17, 18, 19, 20, 21, 22, 22, 100, 101, 102, 103, 104, 105,
        106, 107, -11
    };

    private final Random random = new Random(SEED);
    private final RequestDecoder decoder =
            new RequestDecoder(true, true, Authenticators.usual().aclSyntax());

    @Test
    void everyFrameIsDecodedOrRefused() {
        int refused = 0;
        for (int i = 0; i < FRAMES; i++) {
            byte[] bytes = frame();
            ByteBuf frame = Unpooled.wrappedBuffer(bytes);
            try {
                ClientFrame decoded = decoder.decode(frame, IDENTITIES);
                int sent = ByteBuffer.wrap(bytes).getInt();
                if (decoded.xid() != (decoded.type() == OpCode.PING ? -2 : sent)) {
                    fail("seed " + SEED + ", frame " + i + " was taken for request " + decoded.xid());
                }
            } catch (MalformedFrameException tooShort) {
                refused++;
                if (bytes.length >= HEADER) {
                    fail("seed " + SEED + ", frame " + i + " has a header: "
                            + HexFormat.of().formatHex(bytes));
                }
            } catch (RuntimeException | Error defect) {
                fail("seed " + SEED + ", frame " + i + ": " + HexFormat.of().formatHex(bytes), defect);
            }
        }
        assertThat(refused).isBetween(1, FRAMES / 2);
    }

    /** A type, and behind it what its records are made of: small numbers and texts, most often; numbers that are none. */
    private byte[] frame() {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
        bytes.putInt(random.nextInt()).putInt(TYPES[random.nextInt(TYPES.length)]);
        for (int parts = random.nextInt(16); parts > 0 && bytes.remaining() > 40; parts--) {
            switch (random.nextInt(6)) {
                case 0 -> text(bytes, "/" + (char) random.nextInt(0x10000));
                case 1 -> text(bytes, random.nextBoolean() ? "world" : "anyone");
                case 2 -> bytes.put((byte) random.nextInt(2));
                case 3 -> bytes.putInt(random.nextInt(24) - 2);
                case 4 -> bytes.putInt(random.nextInt(8) == 0 ? random.nextInt() : TYPES[random.nextInt(TYPES.length)]);
                default -> {
                    byte[] noise = new byte[random.nextInt(20)];
                    random.nextBytes(noise);
                    bytes.put(noise);
                }
            }
        }
        byte[] frame = new byte[random.nextInt(50) == 0 ? random.nextInt(bytes.position()) : bytes.position()];
        bytes.get(0, frame);
        return frame;
    }

    private static void text(ByteBuffer bytes, String text) {
        byte[] encoded = text.getBytes(UTF_8);
        bytes.putInt(encoded.length).put(encoded);
    }
}
