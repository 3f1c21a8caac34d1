package io.troupe.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.GetSASLRequest;

/** Bytes on a connection: {@link FuzzRequests requests} as they should be, damaged ones, and noise. The same seed makes the same bytes. */
final class FuzzFrames {
    /** An xid and a type: with another type a connection may end. */
    private static final int HEADER = 8;

    private static final int LARGEST_FRAME = 0xfffff;
    private static final int[] ODD_NUMBERS = {
        -1, -2, 0, 1, 7, 255, 65_536, LARGEST_FRAME, LARGEST_FRAME + 1, 0x7fffff, Integer.MAX_VALUE, Integer.MIN_VALUE
    };
    private static final List<String> WORDS = List.of(
            "ruok", "srvr", "stat", "mntr", "cons", "dump", "wchp", "wchc", "wchs", "hash", "isro", "stmk", "xxxx");

    private final Random random;
    private final FuzzRequests requests;

    FuzzFrames(Random random) {
        this.random = random;
        this.requests = new FuzzRequests(random);
    }

    FuzzRequests requests() {
        return requests;
    }

    static byte[] framed(byte[] body) {
        return ByteBuffer.allocate(Integer.BYTES + body.length)
                .putInt(body.length)
                .put(body)
                .array();
    }

    /** Frames after which the connection goes on: requests, right or with damaged arguments, and now and then an identity. */
    byte[] harmless(int count) {
        return several(count, () -> random.nextInt(60) == 0 ? requests.identity() : requests.harmless());
    }

    /** The same from somebody who never says who he is: where an identity is required, whoever names one is somebody. */
    byte[] anonymous(int count) {
        return several(count, requests::harmless);
    }

    private byte[] several(int count, Supplier<byte[]> bodies) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            byte[] body = bodies.get();
            boolean auth = body.length >= HEADER && ByteBuffer.wrap(body).getInt(Integer.BYTES) == OpCode.auth;
            frames.writeBytes(framed(!auth && random.nextInt(3) == 0 ? damaged(body, HEADER) : body));
        }
        return frames.toByteArray();
    }

    /** Something that most often ends the connection. */
    byte[] harmful() {
        return switch (random.nextInt(10)) {
            case 0 -> noise();
            case 1 -> ByteBuffer.allocate(4).putInt(oddNumber()).array();
            case 2 -> framed(noise());
            case 3 -> framed(requests.bare(random.nextInt(130) - 15));
            case 4 -> framed(Arrays.copyOf(requests.harmless(), random.nextInt(HEADER)));
            case 5 -> framed(requests.refusedIdentity());
            case 6 -> framed(damaged(requests.identity(), 0));
            case 7 -> framed(damaged(requests.harmless(), 0));
            case 8 -> half(framed(requests.harmless()));
            default -> framed(requests.closeSession());
        };
    }

    /** A frame of exactly the largest size, or of one byte more. */
    byte[] huge(int more) {
        return framed(Arrays.copyOf(requests.harmless(), LARGEST_FRAME + more));
    }

    byte[] half(byte[] whole) {
        return Arrays.copyOf(whole, random.nextInt(whole.length));
    }

    byte[] noise() {
        byte[] bytes = new byte[2 + random.nextInt(random.nextInt(50) == 0 ? 70_000 : 100)];
        random.nextBytes(bytes);
        return bytes;
    }

    byte[] word() {
        return WORDS.get(random.nextInt(WORDS.size())).getBytes(US_ASCII);
    }

    /** A handshake as it should be, without its length. */
    static byte[] handshake(long session, byte[] password, int timeoutMillis, boolean readOnly) {
        return ByteBuffer.allocate(45)
                .putInt(0)
                .putLong(0)
                .putInt(timeoutMillis)
                .putLong(session)
                .putInt(16)
                .put(Arrays.copyOf(password, 16))
                .put((byte) (readOnly ? 1 : 0))
                .array();
    }

    /** A handshake that is not: of the future, of nobody's session, damaged. Without its length. */
    byte[] oddHandshake() {
        byte[] odd = handshake(random.nextInt(3) == 0 ? random.nextLong() : 0, new byte[0], random.nextInt(), true);
        return switch (random.nextInt(4)) {
            case 0 -> ByteBuffer.wrap(odd).putLong(4, random.nextLong()).array();
            case 1 -> odd;
            case 2 -> Arrays.copyOf(odd, random.nextInt(odd.length + 20));
            default -> damaged(odd, 0);
        };
    }

    /** A step of a login by SASL. */
    byte[] sasl(byte[] token) {
        return framed(FuzzRequests.encoded(random.nextInt(9), OpCode.sasl, new GetSASLRequest(token)));
    }

    /** The same bytes with one thing wrong behind the first {@code spared}. */
    byte[] damaged(byte[] body, int spared) {
        if (body.length <= spared) {
            return body;
        }
        int at = spared + random.nextInt(body.length - spared);
        byte[] bytes = body.clone();
        return switch (random.nextInt(7)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> Arrays.copyOf(bytes, bytes.length + random.nextInt(20));
            case 2 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                yield bytes;
            }
            case 3 -> {
                bytes[at] = (byte) random.nextInt();
                yield bytes;
            }
            case 4 -> without(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)));
            default -> {
                // Numbers stand at multiples of four as long as no text came before them.
                int number = spared + (at - spared) / Integer.BYTES * Integer.BYTES;
                if (number + Integer.BYTES <= bytes.length) {
                    ByteBuffer.wrap(bytes).putInt(number, oddNumber());
                }
                yield bytes;
            }
        };
    }

    private static byte[] without(byte[] bytes, int from, int to) {
        byte[] rest = Arrays.copyOf(bytes, bytes.length - (to - from));
        System.arraycopy(bytes, to, rest, from, bytes.length - to);
        return rest;
    }

    private int oddNumber() {
        int choice = random.nextInt(ODD_NUMBERS.length + 1);
        return choice < ODD_NUMBERS.length ? ODD_NUMBERS[choice] : random.nextInt();
    }
}
