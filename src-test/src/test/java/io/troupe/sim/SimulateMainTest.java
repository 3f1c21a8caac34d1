package io.troupe.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return SimulateMain.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void the_last_line_counts_seeds_hours_faults_and_violations() {
        assertThat(run("--seed", "1", "--count", "2", "--nodes", "3")).isZero();
        assertThat(out.toString().lines())
                .last()
                .asString()
                .matches("2 seeds, 0\\.0\\d simulated hours, \\d+ faults, 0 violations; .*");
    }

    @Test
    void a_trace_tells_of_faults_and_roles_and_ends_the_same_way() {
        assertThat(run("--seed", "1", "--trace")).isZero();
        assertThat(out.toString()).contains("is leading").contains("faults end").contains("1 seeds, ");
    }

    @ParameterizedTest
    @CsvSource({
        "--seed x, --seed",
        "--count 2, --seed",
        "--seed -1, seeds begin at 0",
        "--seed 1 --count 0, at least one seed",
        "--seed 1 --nodes 4, 3 or 5 voters",
        "--seed 1 --seconds 5, proves little",
        "--seed 1 --trace=much, 'events, log, network or actors'",
        "--seed 1 --also FAST, FAST"
    })
    void options_that_make_no_sense_are_named(String options, String complaint) {
        assertThat(run(options.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(complaint);
    }
}
