package io.troupe.tree.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.ensemble.Member;
import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.state.ZnodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract 2.10: the errors, in their order, and what a wish comes to. */
class ReconfigurationTest {
    private static final Identity SUPER = new Identity("super", "");
    private static final int STRANGER = 9;

    private final StateMachine m = new StateMachine();
    private final StateMachine.Client client = m.open(1);
    private final Map<Integer, Long> synced = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    @BeforeEach
    void allAreThere() {
        m.tree.membership().members().forEach(member -> synced.put(member.nodeId(), member.diskId()));
        synced.put(STRANGER, 99L);
    }

    private static Member member(int id) {
        return new Member(id, true, "new" + id, 2888, 3888, "0.0.0.0", 2181, 0);
    }

    private static Operation.Reconfigure wish(
            List<Member> joining, List<Integer> leaving, @Nullable List<Member> all, long version) {
        return new Operation.Reconfigure(joining, leaving, all, version, true);
    }

    private Operation resolve(Operation.Reconfigure wish, List<Identity> who, long sessionId, boolean standalone) {
        Request request = new Request(sessionId, client.attach(), 1, who, wish);
        return Reconfiguration.resolve(m.tree, request, synced, standalone, problems::add);
    }

    private Operation resolve(Operation.Reconfigure wish) {
        return resolve(wish, List.of(SUPER), client.sessionId(), true);
    }

    private static Operation refused(ErrorCode error) {
        return new Operation.Refused(error);
    }

    private List<Member> members(Operation resolved) {
        assertThat(resolved).isInstanceOf(Operation.ChangeMembers.class);
        return ((Operation.ChangeMembers) resolved).members();
    }

    private List<Member> now() {
        return m.tree.membership().members();
    }

    @Test
    @Covers("2.10.3")
    void addsAndRemovesInOneStep() {
        List<Member> members = members(resolve(wish(List.of(member(STRANGER)), List.of(1), null, -1)));

        List<Member> expected = new ArrayList<>(now());
        expected.removeIf(member -> member.nodeId() == 1);
        expected.add(member(STRANGER).withDisk(99));
        assertThat(members).isEqualTo(expected);
    }

    @Test
    void anIdThatIsThereAlreadyGetsAnotherRoleAndKeepsItsDisk() {
        Member third = now().get(2);
        List<Member> members = members(resolve(wish(List.of(third.asObserver().withDisk(0)), List.of(), null, -1)));

        assertThat(members.get(2)).isEqualTo(third.asObserver());
    }

    @Test
    void aFullListReplacesAll() {
        List<Member> all = List.of(member(STRANGER), now().get(0).withDisk(0));
        List<Member> members = members(resolve(wish(List.of(), List.of(), all, 0)));

        assertThat(members).containsExactly(now().get(0), member(STRANGER).withDisk(99));
    }

    @Test
    void aNodeThatNobodyHasSeenHasNoDiskYet() {
        List<Member> members = members(resolve(wish(List.of(member(10)), List.of(), null, -1)));

        assertThat(members).last().isEqualTo(member(10).withDisk(0));
    }

    @Test
    @Covers("2.10.1")
    void needsTheVersionInForceWhereOneIsNamed() {
        assertThat(resolve(wish(List.of(), List.of(1), null, 7))).isEqualTo(refused(ErrorCode.BAD_VERSION));
        assertThat(resolve(wish(List.of(), List.of(1), null, m.tree.membership().version())))
                .isInstanceOf(Operation.ChangeMembers.class);
    }

    @Test
    @Covers("2.10.1")
    void refusesWhatIsNoSoundList() {
        Operation bad = refused(ErrorCode.BAD_ARGUMENTS);
        assertThat(resolve(wish(List.of(), List.of(1, 2), null, -1)))
                .as("one voter is left")
                .isEqualTo(bad);
        assertThat(resolve(wish(List.of(), List.of(), List.of(member(1), member(1)), -1)))
                .as("an id twice")
                .isEqualTo(bad);
        Member samePlace = new Member(10, true, "new9", 2888, 3889, "0.0.0.0", 2181, 0);
        assertThat(resolve(wish(List.of(member(STRANGER), samePlace), List.of(), null, -1)))
                .as("an address twice")
                .isEqualTo(bad);
        assertThat(resolve(new Operation.Reconfigure(List.of(), List.of(), null, -1, false)))
                .as("unreadable")
                .isEqualTo(bad);
        assertThat(resolve(wish(List.of(), List.of(1, 2, 3), null, -1)))
                .as("nobody is left")
                .isEqualTo(bad);
    }

    private String problem(Operation.Reconfigure wish) {
        problems.clear();
        resolve(wish);
        return String.join(", ", problems);
    }

    @Test
    void tellsPeopleWhyAListIsNotSound() {
        Member samePlace = new Member(10, true, "new9", 2887, 2888, "0.0.0.0", 2181, 0);
        assertThat(problem(wish(List.of(member(STRANGER), samePlace), List.of(), null, -1)))
                .contains("server.9 and server.10 both have new9:2888");
        assertThat(problem(wish(List.of(), List.of(1, 2), null, -1))).contains("1 would vote, and 2 are needed");
        assertThat(problem(wish(List.of(), List.of(), List.of(member(1), member(1)), -1)))
                .contains("server.1 is there twice");
        assertThat(problem(new Operation.Reconfigure(List.of(), List.of(), null, -1, false)))
                .contains("server.N=host:port:port");
        assertThat(problem(wish(List.of(member(STRANGER)), List.of(1), null, -1)))
                .isEmpty();
    }

    @Test
    void mayShrinkToOneWhereThatIsAllowed() {
        Operation resolved =
                resolve(wish(List.of(), List.of(1, 2), null, -1), List.of(SUPER), client.sessionId(), false);

        assertThat(members(resolved)).containsExactly(now().get(2));
    }

    @Test
    @Covers("2.10.1")
    void needsAQuorumOfTheNewVotersToBeThere() {
        synced.keySet().retainAll(List.of(1, 2));

        assertThat(resolve(wish(List.of(member(10), member(11)), List.of(), null, -1)))
                .isEqualTo(refused(ErrorCode.NEW_CONFIG_NO_QUORUM));
    }

    @Test
    @Covers("2.10.1")
    void needsThePermissionToWriteTheConfiguration() {
        Operation.Reconfigure wish = wish(List.of(), List.of(1), null, -1);
        assertThat(resolve(wish, List.of(Identity.ANYONE), client.sessionId(), true))
                .isEqualTo(refused(ErrorCode.NO_AUTH));
        m.run(new Request(
                client.sessionId(),
                client.attach(),
                1,
                List.of(SUPER),
                new Operation.SetAcl(ZnodePath.CONFIG, Acl.OPEN, -1)));

        assertThat(resolve(wish, List.of(Identity.ANYONE), client.sessionId(), true))
                .isInstanceOf(Operation.ChangeMembers.class);
    }

    @Test
    void asksForTheSessionBeforeAnythingElse() {
        Operation.Reconfigure wrong = wish(List.of(), List.of(1, 2, 3), null, 7);
        assertThat(resolve(wrong, List.of(), 4711, true)).isEqualTo(refused(ErrorCode.SESSION_EXPIRED));
        assertThat(resolve(wrong)).as("then for the version").isEqualTo(refused(ErrorCode.BAD_VERSION));
    }

    @Test
    void aLoneServerStaysAloneWhereThatIsWished() {
        m.run(new Request(0, 0, 0, List.of(), new Operation.ChangeMembers(List.of(now().get(0)))));
        Operation.Reconfigure grow = wish(List.of(member(STRANGER)), List.of(), null, -1);

        assertThat(resolve(grow)).isEqualTo(refused(ErrorCode.UNIMPLEMENTED));
        assertThat(members(resolve(grow, List.of(SUPER), client.sessionId(), false)))
                .hasSize(2);
        assertThat(resolve(wish(List.of(member(11)), List.of(), null, 1), List.of(SUPER), client.sessionId(), true))
                .as("before the version is looked at")
                .isEqualTo(refused(ErrorCode.UNIMPLEMENTED));
    }
}
