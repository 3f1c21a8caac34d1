package io.troupe.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which fault a time without acknowledged writes is blamed on. */
class OutageMeterTest {
    private final OutageMeter meter = new OutageMeter(0);

    @Test
    void a_gap_belongs_to_the_fault_that_was_on_when_it_began() {
        meter.fault(Optional.of(FaultKind.RESTART_STORM));
        meter.acknowledged(10);
        meter.fault(Optional.empty());
        meter.fault(Optional.of(FaultKind.LOSS));
        meter.acknowledged(60);

        assertThat(meter.longest()).isEqualTo(Map.of(FaultKind.RESTART_STORM, 50L));
    }

    @Test
    void a_gap_that_began_before_belongs_to_the_first_fault_in_it() {
        meter.acknowledged(1);
        meter.fault(Optional.of(FaultKind.KILL));
        meter.fault(Optional.empty());
        meter.acknowledged(9);
        meter.acknowledged(12);

        assertThat(meter.longest()).isEqualTo(Map.of(FaultKind.KILL, 8L));
        assertThat(meter.longestWithoutFault()).isEqualTo(3);
    }
}
