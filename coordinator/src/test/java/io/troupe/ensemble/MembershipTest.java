package io.troupe.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who counts, and what a quorum is, while voters change too. */
class MembershipTest {
    private static Member voter(int node) {
        return new Member(node, "h" + node, 25520, "c" + node, 2181, 100L + node);
    }

    private static List<Member> voters(int... nodes) {
        return Arrays.stream(nodes).mapToObj(MembershipTest::voter).toList();
    }

    private static Membership of(int... nodes) {
        return new Membership("e", 0, voters(nodes), null);
    }

    private static Map<Integer, Long> present(int... nodes) {
        Map<Integer, Long> disks = new HashMap<>();
        for (int node : nodes) {
            disks.put(node, 100L + node);
        }
        return disks;
    }

    @Test
    void a_quorum_is_more_than_half() {
        assertThat(of(1, 2, 3).isQuorum(present(1))).isFalse();
        assertThat(of(1, 2, 3).isQuorum(present(1, 3))).isTrue();
        assertThat(of(1, 2, 3, 4).isQuorum(present(1, 2))).isFalse();
        assertThat(of(1, 2, 3, 4).isQuorum(present(1, 2, 4))).isTrue();
        assertThat(of(1).isQuorum(present(1))).isTrue();
    }

    @Test
    void strangers_do_not_help_a_quorum() {
        assertThat(of(1, 2, 3).isQuorum(present(1, 8, 9))).isFalse();
    }

    @Test
    void a_voter_on_another_disk_does_not_count() {
        Map<Integer, Long> disks = present(1);
        disks.put(2, 999L);

        assertThat(of(1, 2, 3).isQuorum(disks)).isFalse();
        assertThat(of(1, 2, 3).counts(2, 999)).isFalse();
        assertThat(of(1, 2, 3).counts(2, 102)).isTrue();
    }

    @Test
    void during_a_change_both_configurations_must_agree() {
        Membership changing = of(1, 2, 3).proposing(voters(3, 4, 5));

        assertThat(changing.isQuorum(present(1, 2))).isFalse();
        assertThat(changing.isQuorum(present(4, 5))).isFalse();
        assertThat(changing.isQuorum(present(1, 2, 4, 5))).isTrue();
        assertThat(changing.isQuorum(present(2, 3, 4))).isTrue();
        assertThat(changing.allVoters()).extracting(Member::nodeId).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void once_committed_only_the_new_configuration_counts() {
        Membership changed = of(1, 2, 3).proposing(voters(3, 4, 5)).committed(voters(3, 4, 5), 0x100000007L);

        assertThat(changed.next()).isNull();
        assertThat(changed.version()).isEqualTo(0x100000007L);
        assertThat(changed.isQuorum(present(1, 2))).isFalse();
        assertThat(changed.isQuorum(present(4, 5))).isTrue();
    }

    @Test
    void while_a_disk_is_replaced_neither_the_old_nor_the_new_one_is_enough_for_both() {
        Membership replacing = of(1, 2, 3).proposing(List.of(voter(1), voter(2).withDisk(999), voter(3)));
        Map<Integer, Long> newDisk = present(1);
        newDisk.put(2, 999L);

        assertThat(replacing.isQuorum(present(1, 2))).isFalse();
        assertThat(replacing.isQuorum(newDisk)).isFalse();
        assertThat(replacing.isQuorum(present(1, 3))).isTrue();
    }

    @Test
    void voters_are_kept_in_the_order_of_their_ids_and_listed_once() {
        assertThat(of(3, 1, 2).voters()).extracting(Member::nodeId).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> of(1, 2, 2)).hasMessageContaining("node id 2 is listed twice");
        assertThatThrownBy(() -> of()).hasMessageContaining("at least one voter");
        assertThatThrownBy(() -> voter(0)).hasMessageContaining("1..254");
        assertThatThrownBy(() -> voter(255)).hasMessageContaining("1..254");
    }

    @Test
    void only_a_lone_voter_without_a_change_under_way_is_standalone() {
        assertThat(of(1).standalone()).isTrue();
        assertThat(of(1).proposing(voters(1, 2)).standalone()).isFalse();
        assertThat(of(1, 2).standalone()).isFalse();
    }

    @Test
    void clients_read_the_configuration_as_zookeeper_writes_it() {
        assertThat(of(1, 2).committed(voters(1, 2), 0x10000000aL).toConfigText())
                .isEqualTo("""
                        server.1=h1:25520:25521:participant;c1:2181
                        server.2=h2:25520:25521:participant;c2:2181
                        version=10000000a""");
    }
}
