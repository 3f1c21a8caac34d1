package io.troupe.tree.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.contract.Shows;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.util.List;
import org.junit.jupiter.api.Test;

class AclTableTest {
    private static final List<Acl> MINE = List.of(new Acl(Acl.ALL, new Identity("digest", "me:x")));
    private static final List<Acl> YOURS = List.of(new Acl(Acl.ALL, new Identity("digest", "you:x")));

    private final AclTable table = new AclTable();

    @Test
    void keepsEachDistinctListOnce() {
        int mine = table.acquire(MINE);
        assertThat(table.acquire(List.copyOf(MINE))).isEqualTo(mine);
        assertThat(table.acquire(YOURS)).isNotEqualTo(mine);
        assertThat(table.acquire(Acl.OPEN)).isEqualTo(AclTable.OPEN_ID);
        assertThat(table.size()).isEqualTo(3);
        assertThat(table.get(mine)).isEqualTo(MINE);
    }

    @Test
    @Shows("S15")
    void dropsAListWithItsLastUserAndGivesItsIdAgain() {
        int mine = table.acquire(MINE);
        table.acquire(MINE);
        table.release(mine);
        assertThat(table.get(mine)).isEqualTo(MINE);
        table.release(mine);
        assertThatThrownBy(() -> table.get(mine)).isInstanceOf(IllegalStateException.class);
        assertThat(table.acquire(YOURS)).isEqualTo(mine);
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void keepsTheOpenListForEver() {
        table.release(table.acquire(Acl.OPEN));
        assertThat(table.get(AclTable.OPEN_ID)).isEqualTo(Acl.OPEN);
    }
}
