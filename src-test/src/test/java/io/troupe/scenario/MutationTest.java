package io.troupe.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutationTest {
    private static final String SOURCE = "one\ntwo\nthree\ntwo\nfour\n";

    @TempDir
    private Path top;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(top.resolve("main"));
        Files.writeString(top.resolve("main/A.java"), SOURCE);
    }

    private static Mutation replacing(String... diff) {
        return Mutation.parse("s07-bad", List.of(("""
                Bug: It is bad.
                Test: a.B#c
                Seed: 17 --nodes 3

                --- a/main/A.java
                +++ b/main/A.java
                @@ -1,3 +1,3 @@
                """ + String.join("\n", diff)).split("\n")));
    }

    @Test
    void a_patch_says_what_it_breaks_and_what_must_fail() {
        Mutation mutation = replacing(" one", "-two", "+2");
        assertThat(mutation.scenario()).isEqualTo("S7");
        assertThat(mutation.bug()).isEqualTo("It is bad.");
        assertThat(mutation.tests()).containsExactly("a.B#c");
        assertThat(mutation.seeds()).containsExactly("17 --nodes 3");
    }

    @Test
    void it_is_applied_where_its_lines_stand_whatever_their_number() throws IOException {
        assertThat(replacing(" three", "-two", "+2", " four").apply(top))
                .containsEntry("main/A.java", "one\ntwo\nthree\n2\nfour\n");
        Files.writeString(top.resolve("main/A.java"), "zero\n" + SOURCE);
        assertThat(replacing(" three", "-two", " four").apply(top))
                .containsEntry("main/A.java", "zero\none\ntwo\nthree\nfour\n");
    }

    @Test
    void one_that_no_longer_applies_is_named() {
        assertThatThrownBy(() -> replacing(" three", "-five", "+5").apply(top))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("s07-bad.patch no longer applies")
                .hasMessageContaining("nowhere in main/A.java");
    }

    @Test
    void one_that_could_mean_two_places_is_named() {
        assertThatThrownBy(() -> replacing("-two", "+2").apply(top))
                .hasMessageContaining("s07-bad.patch")
                .hasMessageContaining("more than once");
    }

    @Test
    void a_line_that_means_nothing_is_named() {
        assertThatThrownBy(() -> Mutation.parse("s07-bad", List.of("Bugs: many")))
                .hasMessageContaining("s07-bad.patch: this line means nothing: Bugs: many");
        assertThatThrownBy(() -> replacing("two")).hasMessageContaining("not a line of a unified diff: two");
    }
}
