package io.troupe.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.ensemble.Member;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCodecTest {
    private static final Identity ALICE = new Identity("digest", "alice:æøå");

    private static Section section(List<Request> requests) {
        SectionBuilder builder = new SectionBuilder(3, 0x1122334455667788L, 41);
        requests.forEach(builder::add);
        return builder.build();
    }

    private static Request request(Operation operation) {
        return new Request(7, 8, 9, List.of(ALICE), operation);
    }

    private static List<Request> roundTrip(List<Request> requests) throws RequestFormatException {
        return RequestCodec.decode(
                Section.read(ByteBuffer.wrap(section(requests).image())));
    }

    private static Operation operation(Random r, int kind) {
        int version = r.nextBoolean() ? -1 : r.nextInt();
        return switch (kind) {
            case 0 -> new Operation.SetAcl(text(r), acl(r), version);
            case 1 -> new Operation.CreateSession(r.nextLong(), r.nextInt());
            case 2 -> new Operation.AttachSession(r.nextLong(), r.nextInt());
            case 3 -> new Operation.CloseSession(r.nextLong(), r.nextLong());
            case 4 -> new Operation.Reap(text(r), r.nextLong(), r.nextLong());
            case 5 -> {
                List<Operation.Sub> ops = new ArrayList<>();
                for (int i = r.nextInt(6); i > 0; i--) {
                    ops.add(sub(r, r.nextInt(5)));
                }
                yield new Operation.Multi(ops);
            }
            default -> sub(r, kind - 6);
        };
    }

    private static Operation.Sub sub(Random r, int kind) {
        int version = r.nextBoolean() ? -1 : r.nextInt();
        CreateMode mode = CreateMode.of(r.nextInt(7)).orElseThrow();
        byte[] data = new byte[r.nextInt(300)];
        r.nextBytes(data);
        byte[] maybe = r.nextInt(4) == 0 ? null : data;
        return switch (kind) {
            case 0 -> new Operation.Create(text(r), maybe, acl(r), mode, r.nextBoolean(), r.nextLong());
            case 1 -> new Operation.Delete(text(r), version);
            case 2 -> new Operation.SetData(text(r), maybe, version);
            case 3 -> new Operation.Check(text(r), version);
            default -> new Operation.Refused(ErrorCode.of(-101 - r.nextInt(3)));
        };
    }

    private static String text(Random r) {
        return List.of("", "/", "/a/b", "/é/☃", "/" + "x".repeat(200), "/\0", "/😀")
                .get(r.nextInt(7));
    }

    private static List<Acl> acl(Random r) {
        List<Acl> acl = new ArrayList<>();
        for (int i = r.nextInt(4); i > 0; i--) {
            acl.add(new Acl(r.nextInt(), new Identity(text(r), text(r))));
        }
        return acl;
    }

    private static List<Identity> identities(Random r) {
        List<Identity> all = List.of(ALICE, new Identity("ip", "::1"), new Identity("", ""));
        return all.subList(0, r.nextInt(4));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void decodesWhatWasEncoded(long seed) throws RequestFormatException {
        Random r = new Random(seed);
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            requests.add(new Request(
                    r.nextLong(), r.nextLong() >>> r.nextInt(64), r.nextInt(), identities(r), operation(r, i % 11)));
        }
        assertThat(roundTrip(requests)).usingRecursiveComparison().isEqualTo(requests);
    }

    private static List<Member> members(Random r) {
        List<Member> members = new ArrayList<>();
        for (int i = r.nextInt(4); i > 0; i--) {
            members.add(new Member(
                    1 + r.nextInt(254),
                    r.nextBoolean(),
                    text(r),
                    r.nextInt(),
                    r.nextInt(),
                    text(r),
                    r.nextInt(),
                    r.nextLong()));
        }
        return members;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void decodesWhatIsAboutTheMembers(long seed) throws RequestFormatException {
        Random r = new Random(seed);
        for (int i = 0; i < 50; i++) {
            List<Request> change = List.of(request(new Operation.ChangeMembers(members(r))));
            List<Request> wish = List.of(request(new Operation.Reconfigure(
                    members(r),
                    List.of(r.nextInt(), r.nextInt()),
                    r.nextBoolean() ? members(r) : null,
                    r.nextLong(),
                    r.nextBoolean())));
            assertThat(roundTrip(change)).isEqualTo(change);
            assertThat(roundTrip(wish)).isEqualTo(wish);
        }
    }

    @Test
    void keepsWhatIsAboutTheMembersApart() {
        Request change = request(new Operation.ChangeMembers(List.of()));
        Request delete = request(new Operation.Delete("/a", 1));

        assertThat(section(List.of(change)).alone()).isTrue();
        assertThat(Section.read(ByteBuffer.wrap(section(List.of(change)).image()))
                        .alone())
                .isTrue();
        assertThat(section(List.of(delete)).alone()).isFalse();
        assertThatThrownBy(() -> section(List.of(delete, change))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> section(List.of(change, delete))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void fillsTheSectionsHeader() {
        SectionBuilder builder = new SectionBuilder(3, 0x1122334455667788L, 41);
        builder.add(request(new Operation.Delete("/a", 1))).add(request(new Operation.Delete("/b", 2)));
        int announced = builder.bytes();
        Section section = builder.build();
        assertThat(section.image()).hasSize(announced);
        Section read = Section.read(ByteBuffer.wrap(section.image()));
        assertThat(read.originNode()).isEqualTo(3);
        assertThat(read.incarnation()).isEqualTo(0x1122334455667788L);
        assertThat(read.firstSequence()).isEqualTo(41);
        assertThat(read.lastSequence()).isEqualTo(42);
        assertThat(read.count()).isEqualTo(builder.count()).isEqualTo(section.count());
    }

    @Test
    void sendsEachListOfIdentitiesOnce() {
        Request delete = request(new Operation.Delete("/a", 1));
        int first = section(List.of(delete)).image().length;
        int second = section(List.of(delete, delete)).image().length - first;
        assertThat(second).isEqualTo(1 + 8 + 1 + 1 + 1 + 3 + 1);
        assertThat(first - Section.HEADER - second)
                .isGreaterThan("digest".length() + ALICE.id().length());
    }

    @Test
    void keepsWhetherQuotasAreEnforcedWithEachRequest() throws RequestFormatException {
        Operation delete = new Operation.Delete("/a", 1);
        List<Request> requests = List.of(
                new Request(7, 8, 9, List.of(), delete, true, false),
                new Request(7, 8, 10, List.of(), delete, false, true),
                new Request(
                        7, 8, 11, List.of(), new Operation.Multi(List.of(new Operation.Delete("/a", 1))), true, true));
        assertThat(roundTrip(requests)).isEqualTo(requests);
    }

    @Test
    void keepsNullAndEmptyDataApart() throws RequestFormatException {
        List<Request> decoded = roundTrip(List.of(
                request(new Operation.SetData("/a", null, -1)), request(new Operation.SetData("/a", new byte[0], -1))));
        assertThat(((Operation.SetData) decoded.get(0).operation()).data()).isNull();
        assertThat(((Operation.SetData) decoded.get(1).operation()).data()).isEmpty();
    }

    @Test
    void aLoneSurrogateStaysIllegal() throws RequestFormatException {
        Operation decoded = roundTrip(List.of(request(new Operation.Delete("/\ud800x", -1))))
                .get(0)
                .operation();
        assertThat(((Operation.Delete) decoded).path()).isEqualTo("/\ufffdx");
    }

    @Test
    void refusesEveryTruncationAndSurvivesEveryDamage() {
        Random r = new Random(8);
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            requests.add(new Request(r.nextLong(), i, i, identities(r), operation(r, i % 11)));
        }
        byte[] image = section(requests).image();
        for (int length = Section.HEADER; length < image.length; length++) {
            Section cut = new Section(Arrays.copyOf(image, length), 3, 1, 41, requests.size(), false);
            assertThatThrownBy(() -> RequestCodec.decode(cut)).isInstanceOf(RequestFormatException.class);
        }
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = image.clone();
            damaged[Section.HEADER + r.nextInt(image.length - Section.HEADER)] = (byte) r.nextInt();
            try {
                assertThat(RequestCodec.decode(new Section(damaged, 3, 1, 41, requests.size(), false)))
                        .hasSize(requests.size());
            } catch (RequestFormatException e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        }
    }

    @Test
    void refusesBytesBehindTheLastRequest() {
        Section whole =
                section(List.of(request(new Operation.Delete("/a", 1)), request(new Operation.Delete("/b", 1))));
        Section fewer = new Section(whole.image(), 3, 1, 41, 1, false);
        assertThatThrownBy(() -> RequestCodec.decode(fewer))
                .isInstanceOf(RequestFormatException.class)
                .hasMessageContaining("behind the last request");
    }

    @Test
    void needsARequest() {
        SectionBuilder empty = new SectionBuilder(1, 1, 1);
        assertThatThrownBy(empty::build).isInstanceOf(IllegalStateException.class);
    }
}
