package io.troupe.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract 6.5. */
class MemberLineTest {
    @Test
    void readsWhatZooKeepersToolsWrite() {
        assertThat(MemberLine.parse("server.4=host4:2888:3888:observer;10.0.0.4:2181"))
                .isEqualTo(new Member(4, false, "host4", 2888, 3888, "10.0.0.4", 2181, 0));
        assertThat(MemberLine.parse(" server.4 = host4:2888:3888 ; 2181 "))
                .isEqualTo(new Member(4, true, "host4", 2888, 3888, "0.0.0.0", 2181, 0));
        assertThat(MemberLine.parse("server.4=host4:2888:3888:OBSERVER;2181").voter())
                .isFalse();
        assertThat(MemberLine.parse("server.4=[::1]:2888:3888:participant;[::]:2181"))
                .isEqualTo(new Member(4, true, "[::1]", 2888, 3888, "::", 2181, 0));
    }

    @Test
    void readsWhatTheConfigurationShows() {
        List<Member> members = List.of(
                new Member(1, true, "a", 2888, 3888, "b", 2181, 0),
                new Member(9, false, "[fe80::1]", 1, 2, "::", 3, 0));
        String text = new Membership("e", 0x1c, members, null).toConfigText();

        assertThat(text).endsWith("\nversion=1c");
        assertThat(text.lines().filter(line -> line.startsWith("server")).map(MemberLine::parse))
                .isEqualTo(members);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "4=host:2888:3888;2181",
                "server.4=host:2888:3888",
                "server.4=host:2888;2181",
                "server.4=host:2888:2888;2181",
                "server.4=host:2888:3888:leader;2181",
                "server.0=host:2888:3888;2181",
                "server.255=host:2888:3888;2181",
                "server.4=host:2888:99999;2181",
                "server.4=host:2888:3888;0",
                "server.4=host:2888:3888|other:2888:3888;2181"
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> MemberLine.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
