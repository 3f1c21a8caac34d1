package io.troupe.tree.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.env.NewerFormatException;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotFormatTest {
    private final DataTree tree = DataTree.founding(
            new Membership("e", 0, List.of(new Member(1, "a", 1, "a", 2, -3), new Member(2, "b", 1, "b", 2, 4)), null));

    @BeforeEach
    void fill() {
        tree.putSession(new Session(0x8001, 4000, 77));
        tree.putOrigin(2, new Origins.Position(-5, 12));
        for (int i = 0; i < 300; i++) {
            List<Acl> acl = i % 3 == 0 ? Acl.OPEN : List.of(new Acl(i % 7, new Identity("digest", "u:" + i % 5)));
            byte[] data = i % 11 == 0 ? null : new byte[i];
            tree.put("/n" + i, ZnodeImage.created(100 + i, 5, i % 13 == 0 ? 0x8001 : 0, data, acl));
        }
        tree.executed(1000);
    }

    private byte[] snapshot() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new SnapshotEncoder(tree, bytes::writeBytes).encodeSome(() -> true);
        return bytes.toByteArray();
    }

    private static DataTree decode(byte[] bytes) throws IOException {
        return SnapshotDecoder.decode(new ByteArrayInputStream(bytes));
    }

    @Test
    void roundTrips() throws IOException {
        assertThat(TreeDump.of(decode(snapshot()))).isEqualTo(TreeDump.of(tree));
    }

    /** Siblings in plain ASCII are read in another way than all else; the digest tells whether both ways agree. */
    @Test
    void pathsOfAllKindsRoundTrip() throws IOException {
        List<String> names = List.of(
                "a",
                "ab",
                "abc",
                "...",
                "..a",
                "~~~",
                "a b c",
                "näme",
                "na\u00e4",
                "\u65e5\u672c\u8a9e",
                "x".repeat(200));
        for (String parent : List.of("", "/plain", "/gr\u00fcn", "/\u65e5\u672c")) {
            if (!parent.isEmpty()) {
                tree.put(parent, ZnodeImage.created(1, 2, 0, new byte[3], Acl.OPEN));
            }
            for (String name : names) {
                for (String child : List.of("", "/child-1", "/child-2", "/child-33")) {
                    tree.put(parent + '/' + name + child, ZnodeImage.created(1, 2, 0, new byte[3], Acl.READ_ONLY));
                }
            }
        }
        assertThat(TreeDump.of(decode(snapshot()))).isEqualTo(TreeDump.of(tree));
    }

    @Test
    void aZnodeThatComesTwiceIsDamage() {
        byte[] bytes = snapshot();
        byte[] first = "/n123".getBytes(StandardCharsets.UTF_8);
        byte[] second = "/n124".getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at + first.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + first.length, first, 0, first.length)) {
                System.arraycopy(second, 0, bytes, at, second.length);
            }
        }
        assertThatThrownBy(() -> decode(bytes))
                .isInstanceOf(SnapshotFormatException.class)
                .hasMessageContaining("the znode /n124 comes twice");
    }

    @Test
    void comesInChunksOfModestSize() {
        tree.put("/large", ZnodeImage.created(1, 1, 0, new byte[300_000], Acl.OPEN));
        List<Integer> sizes = new ArrayList<>();
        new SnapshotEncoder(tree, chunk -> sizes.add(chunk.length)).encodeSome(() -> true);
        assertThat(sizes.stream().filter(s -> s > SnapshotFormat.FRAME_BYTES + 1024))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(sizes).hasSizeGreaterThan(3);
    }

    @Test
    void refusesANewerFormatWithAReason() {
        byte[] bytes = snapshot();
        ByteBuffer.wrap(bytes).putInt(4, SnapshotFormat.VERSION + 1);
        assertThatThrownBy(() -> decode(bytes))
                .isInstanceOf(NewerFormatException.class)
                .hasMessageContaining("the snapshot has format 2, this release knows formats up to 1");
    }

    @Test
    void refusesWhatIsNoSnapshot() {
        assertThatThrownBy(() -> decode(new byte[100]))
                .isInstanceOf(SnapshotFormatException.class)
                .hasMessageContaining("no snapshot of Troupe");
    }

    @Test
    void refusesEveryTruncation() {
        byte[] bytes = snapshot();
        for (int length = 0; length < bytes.length; length += 1 + length / 50) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> decode(cut)).isInstanceOf(SnapshotFormatException.class);
        }
    }

    @Test
    void noticesEveryFlippedBit() {
        byte[] bytes = snapshot();
        Random random = new Random(3);
        for (int i = 0; i < 400; i++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> decode(damaged)).isInstanceOf(SnapshotFormatException.class);
        }
    }

    @Test
    void oneTreeEncodesOneSnapshotAtATime() {
        SnapshotEncoder first = new SnapshotEncoder(tree, chunk -> {});
        assertThatThrownBy(() -> new SnapshotEncoder(tree, chunk -> {})).isInstanceOf(IllegalStateException.class);
        first.abandon();
        assertThatThrownBy(() -> first.encodeSome(() -> true)).isInstanceOf(IllegalStateException.class);
        SnapshotEncoder second = new SnapshotEncoder(tree, chunk -> {});
        first.abandon();
        assertThat(second.encodeSome(() -> true)).isTrue();
    }

    /** There are few marks: one that a znode has from long ago must not be taken for the one in use. */
    @Test
    void showsEverythingHoweverManyWereBegunAndAbandonedBefore() throws IOException {
        for (int abandoned = 0; abandoned < 3 * Znode.MARKS; abandoned++) {
            for (int i = 0; i < abandoned; i++) {
                SnapshotEncoder encoder = new SnapshotEncoder(tree, chunk -> {});
                int[] left = {1 + i * 7 % 300};
                encoder.encodeSome(() -> --left[0] > 0);
                encoder.abandon();
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            List<String> expected = TreeDump.of(tree);
            SnapshotEncoder encoder = new SnapshotEncoder(tree, bytes::writeBytes);
            for (int i = 0; i < 300; i += 3) {
                tree.put("/n" + i, ZnodeImage.created(100 + i, abandoned, 0, null, Acl.OPEN));
            }
            tree.put("/new" + abandoned, ZnodeImage.created(1, 1, 0, null, Acl.OPEN));
            encoder.encodeSome(() -> true);
            assertThat(TreeDump.of(decode(bytes.toByteArray()))).isEqualTo(expected);
        }
    }

    /** Whatever was changed while the one before was encoded comes first. */
    @Test
    void parentsMayComeBehindTheirChildren() throws IOException {
        for (int i = 0; i < 20; i++) {
            tree.put("/n1/c" + i, ZnodeImage.created(100 + i, 5, 0, new byte[i], Acl.OPEN));
            tree.put("/n1/c" + i + "/d", ZnodeImage.created(100 + i, 5, 0, null, Acl.OPEN));
        }
        List<String> expected = TreeDump.of(tree);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SnapshotEncoder encoder = new SnapshotEncoder(tree, bytes::writeBytes);
        tree.remove("/n1/c3/d");
        tree.put("/n1/c4/d", ZnodeImage.created(1, 1, 0, null, Acl.OPEN));
        tree.put("/n1/c5", ZnodeImage.created(1, 1, 0, null, Acl.OPEN));
        tree.put("/n1", ZnodeImage.created(1, 1, 0, null, Acl.OPEN));
        encoder.encodeSome(() -> true);
        assertThat(TreeDump.of(decode(bytes.toByteArray()))).isEqualTo(expected);
    }
}
