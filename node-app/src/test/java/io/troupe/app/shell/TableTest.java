package io.troupe.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Columns stand below each other, whatever is in them, and what is configured becomes rows. */
class TableTest {
    @Test
    void columnsAreAsWideAsWhatIsInThem() {
        assertThat(new Table()
                        .numbers("BYTES")
                        .texts("OF")
                        .texts("NAME")
                        .row(1, "0x100000001", "a")
                        .row(1_000_000, "-", "longer")
                        .lines())
                .containsExactly(
                        "  BYTES  OF           NAME", //
                        "      1  0x100000001  a",
                        "1000000  -            longer");
    }

    @Test
    void wideCharactersTakeTwoPlacesAndThoseAboveOthersNone() {
        assertThat(new Table()
                        .texts("NAME")
                        .texts("X")
                        .row("\u5bff\u53f8", 1)
                        .row("e\u0301", 2)
                        .lines())
                .containsExactly("NAME  X", "\u5bff\u53f8  1", "e\u0301     2");
    }

    @Test
    void withoutRowsThereIsTheHeader() {
        assertThat(new Table().texts("NAME").lines()).containsExactly("NAME");
    }

    @Test
    void aRowHasACellForEachColumn() {
        assertThatThrownBy(() -> new Table().texts("NAME").row("a", "b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void membersBecomeRows() {
        assertThat(Member.lines(Member.of("""
                        server.1=10.0.0.1:2888:3888:participant;10.0.0.1:2181
                        server.12=10.0.0.2:2888:3888|10.1.0.2:2888:3888:observer;2181
                        server.3=10.0.0.3:2888:3888
                        group.1=1:3
                        version=100000000
                        """)))
                .containsExactly(
                        "ID  ROLE         PEERS                                  CLIENTS",
                        " 1  participant  10.0.0.1:2888:3888                     10.0.0.1:2181",
                        "12  observer     10.0.0.2:2888:3888|10.1.0.2:2888:3888  2181",
                        " 3  participant  10.0.0.3:2888:3888");
    }
}
