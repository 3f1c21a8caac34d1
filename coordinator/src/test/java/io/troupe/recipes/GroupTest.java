package io.troupe.recipes;

import static io.troupe.recipes.Rig.failure;
import static io.troupe.recipes.Rig.get;
import static io.troupe.recipes.Rig.names;
import static io.troupe.recipes.Rig.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import io.troupe.client.CoordinatorException;
import io.troupe.recipes.Rig.Party;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups with real nodes, and members whose sessions are cut off and expire. */
class GroupTest {
    @TempDir
    static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(directory);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> told(List<Member> members) {
        return members.stream()
                .map(member -> member.id() + "=" + member.data().utf8String())
                .toList();
    }

    @Test
    void membersComeAndGo() {
        Party watching = rig.party();
        List<List<String>> seen = new CopyOnWriteArrayList<>();
        watching.recipes()
                .group("/groups/coming")
                .changes()
                .runForeach(members -> seen.add(told(members)), watching.system());
        patiently().until(() -> seen.contains(List.of()));
        Group group = rig.party().recipes().group("/groups/coming");
        Membership ada = group.join("ada", bytes("1"));
        get(ada.joined());
        Membership bob = rig.party().recipes().group("/groups/coming").join("bob", bytes("2"));
        get(bob.joined());
        get(ada.setData(bytes("3")));
        patiently().until(() -> get(group.members()).size() == 2);

        assertThat(told(get(group.members()))).containsExactly("ada=3", "bob=2");
        patiently().until(() -> seen.contains(List.of("ada=3", "bob=2")));
        get(ada.leave());
        assertThat(ada.isMember()).isFalse();
        assertThat(failure(ada.setData(bytes("4")))).hasMessage("has left");
        patiently().until(() -> seen.get(seen.size() - 1).equals(List.of("bob=2")));
        get(bob.leave());
    }

    @Test
    void aMemberWhoseZnodeIsDeletedComesAgain() {
        Party party = rig.party();
        Membership member = party.recipes().group("/groups/deleted").join("me", bytes("x"));
        Lease first = get(member.joined());
        get(member.setData(bytes("y")));

        get(rig.party().session().delete(first.path()));

        assertThat(get(first.lost())).isEqualTo(Loss.REMOVED);
        patiently().until(member::isMember);
        Member again = get(party.recipes().group("/groups/deleted").members()).get(0);
        assertThat(again.token()).isGreaterThan(first.token());
        assertThat(again.data().utf8String()).isEqualTo("y");
        get(member.leave());
    }

    @Test
    void aNameIsFreeAgainWhenItsSessionHasExpired() {
        Party doomed = rig.party(Duration.ofSeconds(2));
        Lease old = get(
                doomed.recipes().group("/groups/again").join("me", bytes("old")).joined());
        Party next = rig.party();
        Membership again = next.recipes().group("/groups/again").join("me", bytes("new"));
        get(next.session().sync("/"));
        assertThat(again.isMember()).isFalse();
        get(again.setData(bytes("newer")));
        assertThat(told(get(next.recipes().group("/groups/again").members()))).containsExactly("me=old");

        rig.expire(doomed);

        assertThat(get(again.joined()).token()).isGreaterThan(old.token());
        patiently()
                .untilAsserted(() -> assertThat(
                                told(get(next.recipes().group("/groups/again").members())))
                        .containsExactly("me=newer"));
        assertThat(failure(doomed.recipes()
                        .group("/groups/again")
                        .join("other", bytes(""))
                        .joined()))
                .isInstanceOf(CoordinatorException.SessionExpired.class);
        get(again.leave());
    }

    @Test
    void whoLeavesDoesNotTakeAnotherOfItsNameAlong() {
        Party first = rig.party();
        Membership held = first.recipes().group("/groups/same").join("me", bytes("1"));
        get(held.joined());
        Membership waiting = rig.party().recipes().group("/groups/same").join("me", bytes("2"));

        get(waiting.leave());

        assertThat(names(first.session(), "/groups/same")).containsExactly("me");
        assertThat(held.isMember()).isTrue();
        get(held.leave());
    }

    @Test
    void aLostAnswerLeavesOneMember() {
        Party party = rig.party(Duration.ofSeconds(6));
        for (int i = 0; i < 3; i++) {
            party.network().loseOneToClient();
            Membership member = party.recipes().group("/groups/lost").join("me", bytes("" + i));
            get(member.joined());
            patiently().until(member::isMember);
            assertThat(told(get(party.recipes().group("/groups/lost").members())))
                    .containsExactly("me=" + i);
            get(member.leave());
        }
    }

    @Test
    void aMemberMayBeAnActor() {
        Party party = rig.party();
        TestProbe<Standing> probe = TestProbe.create(party.system());
        ActorRef<Release> member = party.system()
                .systemActorOf(
                        party.recipes().group("/groups/actor").member("me", bytes(""), probe.ref()),
                        "member",
                        Props.empty());
        Lease lease = ((Standing.Granted) probe.receiveMessage(Duration.ofMinutes(1))).lease();
        assertThat(lease.path()).isEqualTo("/groups/actor/me");
        member.tell(new Release());
        assertThat(probe.receiveMessage(Duration.ofMinutes(1))).isEqualTo(new Standing.Lost(Loss.RELEASED));
        assertThat(probe.receiveMessage(Duration.ofMinutes(1))).isEqualTo(new Standing.Ended(null));
        assertThat(names(party.session(), "/groups/actor")).isEmpty();
    }

    @Test
    void aMemberThatIsStoppedWhileItJoinsLeavesNothing() {
        Party party = rig.party();
        Behavior<Release> member = party.recipes()
                .group("/groups/stopped")
                .member("me", bytes(""), party.system().ignoreRef());
        party.system()
                .systemActorOf(
                        Behaviors.setup(context -> {
                            context.spawn(member, "member");
                            return Behaviors.stopped();
                        }),
                        "parent",
                        Props.empty());

        // Its answers come in order, so the creation below it has been asked for when this shows the directory.
        patiently().until(() -> get(party.session().exists("/groups/stopped")).isPresent());
        patiently()
                .until(() ->
                        get(party.session().getEphemerals("/groups/stopped")).isEmpty());
    }
}
