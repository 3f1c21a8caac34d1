package io.troupe.tree.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.request.Acl;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ZnodeTest {
    private static final int NO_MARK = 0;

    private static Znode znode(byte[] name, ZnodeImage image) {
        return new Znode(name, image, AclTable.OPEN_ID, NO_MARK);
    }

    private static ZnodeImage withData(byte @Nullable [] data) {
        return ZnodeImage.created(7, 50, EphemeralOwner.PERSISTENT, data, Acl.OPEN);
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static Stream<Arguments> sizes() {
        int name = NameAndData.LONGEST_SHARED_NAME;
        int data = NameAndData.MOST_SHARED_DATA;
        return Stream.of(0, 1, name - 1, name, name + 1, 2 * name + 2, 5_000)
                .flatMap(n ->
                        Stream.of(-1, 0, 1, data - 1, data, data + 1, 5_000).map(d -> Arguments.of(n, d)));
    }

    private static void assertHolds(Znode node, String name, byte @Nullable [] data) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        assertThat(node.name()).isEqualTo(name);
        assertThat(node.nameBytes()).isEqualTo(utf8);
        assertThat(node.nameLength()).isEqualTo(utf8.length);
        assertThat(node.nameHash()).isEqualTo(NameAndData.hash(utf8));
        assertThat(node.isNamed(utf8)).isTrue();
        assertThat(node.isNamed("/" + name + "/", 1, 1 + name.length())).isTrue();
        assertThat(node.isNamed("/" + name + "/", 0, name.length())).isEqualTo(name.isEmpty());
        assertThat(node.isNamed("/" + name + "/", 1, 2 + name.length())).isFalse();
        assertThat(node.isNamed(Arrays.copyOf(utf8, utf8.length + 1))).isFalse();
        assertThat(node.data()).isEqualTo(data);
        assertThat(node.dataLength()).isEqualTo(data == null ? 0 : data.length);
        assertThat(node.image(Acl.OPEN)).usingRecursiveComparison().isEqualTo(withData(data));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void givesBackNameAndDataOfAnyLength(int nameLength, int dataLength) {
        String name = "x".repeat(nameLength);
        byte[] data = dataLength < 0 ? null : bytes(dataLength);
        Znode node = znode(name.getBytes(StandardCharsets.UTF_8), withData(data));
        assertHolds(node, name, data);

        for (byte[] next : new byte[] @Nullable [] {null, {}, bytes(3), bytes(300), bytes(3), {}, null, data}) {
            node.set(withData(next), AclTable.OPEN_ID);
            assertHolds(node, name, next);
        }
    }

    @Test
    void namesNeedNotBeAscii() {
        Znode node = znode("\u00e4\u20ac".getBytes(StandardCharsets.UTF_8), withData(bytes(9)));
        assertThat(node.name()).isEqualTo("\u00e4\u20ac");
        assertThat(node.nameLength()).isEqualTo(5);
    }

    /** What a request brought may be used again by whoever sent it. */
    @Test
    void smallDataIsTheZnodesOwn() {
        byte[] given = bytes(10);
        Znode node = znode(bytes(1), withData(given));
        byte[] before = given.clone();
        given[0]++;
        assertThat(node.data()).isEqualTo(before);
    }

    @Test
    void largeDataIsNotCopied() {
        byte[] given = bytes(NameAndData.MOST_SHARED_DATA + 1);
        Znode node = znode(bytes(1), withData(given));
        assertThat(node.data()).isSameAs(given);
        assertThat(node.data()).isSameAs(node.data());
    }

    @Test
    void keepsWhatItsImageHadThroughEveryKindOfChange() {
        Znode node = znode(bytes(1), withData(null));
        ZnodeImage created = withData(null);
        for (ZnodeImage image : new ZnodeImage[] {
            created,
            created.withData(bytes(1), 8, 51),
            created.withData(bytes(1), 8, 51).withAcl(Acl.OPEN),
            created,
            new ZnodeImage(1, 2, 1, 3, 4, -5, 0, 0, 0, null, Acl.OPEN),
            created.withChildCreated(9),
            new ZnodeImage(1, 2, 3, 4, 5, 6, 7, 8, EphemeralOwner.CONTAINER, bytes(2), Acl.OPEN),
            created.withChildDeleted(10),
            created
        }) {
            node.set(image, AclTable.OPEN_ID);
            assertThat(node.image(Acl.OPEN)).usingRecursiveComparison().isEqualTo(image);
            assertThat(znode(bytes(1), image).image(Acl.OPEN))
                    .usingRecursiveComparison()
                    .isEqualTo(image);
        }
    }

    @Test
    void childrenTakeNothingFromWhatItHad() {
        ZnodeImage image = withData(null).withData(bytes(3), 8, 51);
        Znode node = znode(bytes(1), image);
        node.childrenForAdding().add(znode(bytes(2), image));
        assertThat(node.image(Acl.OPEN)).usingRecursiveComparison().isEqualTo(image);
        assertThat(node.numChildren()).isEqualTo(1);
        node.removeChild(bytes(2));
        assertThat(node.children()).isNull();
        assertThat(node.image(Acl.OPEN)).usingRecursiveComparison().isEqualTo(image);
    }

    @Test
    void marksAndListsDoNotMix() {
        Znode node = new Znode(bytes(1), withData(null), (1 << 28) - 1, Znode.MARKS - 1);
        assertThat(node.aclId()).isEqualTo((1 << 28) - 1);
        assertThat(node.snapshotMark()).isEqualTo(Znode.MARKS - 1);
        node.snapshotMark(3);
        assertThat(node.aclId()).isEqualTo((1 << 28) - 1);
        node.set(withData(null), 5);
        assertThat(node.aclId()).isEqualTo(5);
        assertThat(node.snapshotMark()).isEqualTo(3);
    }
}
