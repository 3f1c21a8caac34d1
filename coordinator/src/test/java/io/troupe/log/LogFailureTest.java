package io.troupe.log;

import static io.troupe.log.Batches.after;
import static io.troupe.log.Batches.chain;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Shows;
import io.troupe.log.LogProtocol.Failed;
import io.troupe.log.LogProtocol.SaveMeta;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A log that can no longer keep its word falls silent. */
class LogFailureTest extends LogRig {
    private void assertSilentFromNowOn() {
        int before = events.size();
        actor.run(new SaveMeta(META, saved.getRef()));
        read(0);
        append(List.of(after(z(30))));
        assertThat(events).hasSize(before);
        assertThat(saved.hasMessages()).isFalse();
        assertThat(slices.hasMessages()).isFalse();
        assertThat(disk.syncsUnderWay()).isZero();
        assertThat(disk.exists("node.meta")).isFalse();
    }

    @Test
    @Shows("S7")
    void stopsVouchingForGoodWhenAnFsyncFails() {
        open();
        append(chain(0, 2));
        actor.run(new SaveMeta(META, saved.getRef()));
        failSync();

        assertThat(events).singleElement().isInstanceOf(Failed.class);
        assertSilentFromNowOn();
    }

    @Test
    @Shows("S33")
    void stopsVouchingForGoodWhenAWriteFailsEvenForAnFsyncThatEndsWellLater() {
        open();
        append(chain(0, 1));
        disk.failNextWrite();
        append(List.of(after(z(1))));
        assertThat(events).singleElement().isInstanceOf(Failed.class);

        endSync();

        assertThat(events).hasSize(1);
        assertSilentFromNowOn();
    }

    @Test
    void growsNoFurtherIntoTheReserveButUsesWhatItHas() {
        open();
        disk.usable(SETTINGS.reserveBytes() + 699);
        int held = 0;
        while (events.isEmpty() && held < 100) {
            append(List.of(held == 0 ? after(0) : after(z(held))));
            held++;
        }

        assertThat(held).isGreaterThan(2);
        assertThat(events).singleElement().isInstanceOf(LogProtocol.Full.class);
        LogProtocol.Opened again = restartOn(disk.afterKill());
        assertThat(again.lastZxid()).isEqualTo(z(held - 1));
        assertThat(again.damage()).isNull();
    }

    @Test
    void promisesNothingWithoutRoomToWriteItDown() {
        open();
        disk.usable(SETTINGS.smallFilesBytes() - 1);
        actor.run(new SaveMeta(META, saved.getRef()));

        assertThat(events).singleElement().isInstanceOf(LogProtocol.Full.class);
        assertSilentFromNowOn();
    }

    @Test
    void stopsForGoodWhenAPromiseCannotBeMadeDurable() {
        open();
        disk.failNextSync();
        actor.run(new SaveMeta(META, saved.getRef()));

        assertThat(events).singleElement().isInstanceOf(Failed.class);
        assertSilentFromNowOn();
    }

    @Test
    void stopsForGoodWhenWhatHasWaitedFails() {
        open();
        append(chain(0, 1));
        actor.run(new SaveMeta(META, saved.getRef()));
        disk.endSync();
        disk.failNextSync();
        actor.runOne();

        assertThat(events).hasSize(2).last().isInstanceOf(Failed.class);
        assertSilentFromNowOn();
    }
}
