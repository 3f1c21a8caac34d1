package io.troupe.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import io.troupe.request.Batch;
import io.troupe.sim.invariant.DurableState;
import io.troupe.sim.invariant.SegmentRecords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimDiskTest {
    private SimWorld world = new SimWorld(1, false, Trace.quiet());
    private SimDisk disk = new SimDisk(world, "1");
    private SimProcess process = world.process("n1", 1);
    private Disk mount = disk.mount(process);

    SimDiskTest() {
        world.takeOver();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void again(long seed) {
        world.close();
        world = new SimWorld(seed, false, Trace.quiet());
        world.takeOver();
        disk = new SimDisk(world, "1");
        process = world.process("n1", 1);
        mount = disk.mount(process);
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    private String content(String name) {
        byte[] bytes = disk.files().get(name);
        return bytes == null ? "(none)" : new String(bytes, US_ASCII);
    }

    @Test
    void synced_bytes_and_entries_survive_a_power_loss_and_the_rest_may_not() throws IOException {
        Set<String> outcomes = new HashSet<>();
        for (int seed = 0; seed < 40; seed++) {
            again(seed);
            DiskFile file = mount.open("log");
            file.write(text("durable"), 0);
            file.sync();
            mount.syncDirectory();
            file.write(text(" and not"), 7);
            disk.powerLoss();
            assertThat(content("log")).startsWith("durable");
            outcomes.add(content("log"));
        }
        assertThat(outcomes).contains("durable", "durable and not").hasSizeGreaterThan(2);
    }

    @Test
    void a_file_whose_entry_was_not_synced_may_vanish_and_a_rename_may_be_undone() throws IOException {
        Set<List<String>> outcomes = new HashSet<>();
        for (int seed = 0; seed < 40; seed++) {
            again(seed);
            DiskFile file = mount.open("meta");
            file.write(text("old"), 0);
            file.sync();
            mount.syncDirectory();
            DiskFile replacement = mount.open("meta.tmp");
            replacement.write(text("new"), 0);
            replacement.sync();
            mount.rename("meta.tmp", "meta");
            disk.powerLoss();
            assertThat(content("meta")).isIn("old", "new");
            outcomes.add(List.copyOf(disk.files().keySet()));
        }
        assertThat(outcomes).containsExactlyInAnyOrder(List.of("meta"), List.of("meta", "meta.tmp"));
    }

    @Test
    void a_killed_process_loses_nothing_it_wrote_but_can_write_no_more() throws IOException {
        DiskFile file = mount.open("log");
        file.write(text("written"), 0);
        disk.fence();
        Disk next = disk.mount(world.process("n1-2", 1));
        assertThatThrownBy(() -> file.write(text("zombie"), 0)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> mount.list()).isInstanceOf(IOException.class);
        assertThat(next.list()).containsExactly("log");
        assertThat(content("log")).isEqualTo("written");
    }

    @Test
    void an_asynchronous_sync_covers_what_was_written_before_it_and_takes_time() throws IOException {
        List<String> ended = new ArrayList<>();
        DiskFile file = mount.open("log");
        mount.syncDirectory();
        file.write(text("one"), 0);
        file.sync(failure -> ended.add("first " + failure));
        file.write(text("two"), 3);
        assertThat(ended).isEmpty();
        assertThat(disk.durableFiles().get("log")).isEmpty();
        world.runFor(Duration.ofMillis(10));
        assertThat(ended).containsExactly("first null");
        assertThat(disk.durableFiles().get("log")).isEqualTo("one".getBytes(US_ASCII));
    }

    @Test
    void what_a_failed_sync_covered_never_becomes_durable() throws IOException {
        DiskFile file = mount.open("log");
        mount.syncDirectory();
        file.write(text("lost"), 0);
        disk.failNextSync();
        List<IOException> failures = new ArrayList<>();
        file.sync(failure -> failures.add(failure == null ? new IOException("none") : failure));
        world.runFor(Duration.ofMillis(10));
        assertThat(failures)
                .singleElement()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("failure");
        file.sync();
        assertThat(content("log")).isEqualTo("lost");
        assertThat(disk.durableFiles().get("log")).isEmpty();
    }

    @Test
    void a_full_disk_refuses_to_grow() throws IOException {
        disk.capacity(5);
        DiskFile file = mount.open("log");
        file.write(text("12345"), 0);
        assertThat(mount.usableBytes()).isZero();
        assertThatThrownBy(() -> file.write(text("6"), 5)).hasMessageContaining("No space");
        file.write(text("54321"), 0);
        assertThat(content("log")).isEqualTo("54321");
    }

    private static byte[] record(long first, Random random) {
        int count = 1 + random.nextInt(3);
        ByteBuffer record = ByteBuffer.allocate(16 + Batch.HEADER + random.nextInt(700));
        record.putInt(0, record.capacity() - 16).putLong(8, random.nextLong());
        record.putLong(16, first).putInt(24, count);
        CRC32C crc = new CRC32C();
        crc.update(record.slice(0, 4));
        crc.update(record.slice(8, 8));
        crc.update(record.slice(16, record.capacity() - 16));
        return record.putInt(4, (int) crc.getValue()).array();
    }

    /** One change of a log as processes, power losses and failing disks make them. */
    private void changeLog(Random random) throws IOException {
        String name = "log-%016x".formatted(random.nextInt(2));
        DiskFile file = mount.open(name);
        int size = Math.toIntExact(file.size());
        int chosen = random.nextInt(20);
        int anywhere = random.nextInt(10) == 0
                ? random.nextInt(1 + size)
                : SegmentRecords.HEADER + random.nextInt(1 + Math.max(0, size - SegmentRecords.HEADER));
        if (size < SegmentRecords.HEADER) {
            file.write(ByteBuffer.allocate(SegmentRecords.HEADER).putLong(8, random.nextInt(4)), 0);
            mount.syncDirectory();
        } else if (chosen < 9) {
            file.write(ByteBuffer.wrap(record(random.nextInt(50), random)), size);
        } else if (chosen < 15) {
            file.sync();
        } else if (chosen == 15) {
            file.truncate(anywhere);
        } else if (chosen == 16) {
            file.preallocate(size + 600L);
        } else if (chosen == 17) {
            disk.corrupt(name, Math.min(size - 1, anywhere), 4);
        } else if (chosen == 18) {
            disk.zero(name, Math.min(size - 1, anywhere), 30);
        } else {
            disk.powerLoss();
            mount = disk.mount(process);
        }
    }

    @Test
    void the_end_of_a_log_read_step_by_step_is_that_of_the_log_read_at_once() throws IOException {
        Set<Long> ends = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            again(seed);
            Random random = new Random(seed);
            for (int i = 0; i < 60; i++) {
                changeLog(random);
                long end = disk.durableLogEnd();
                assertThat(end)
                        .as("seed %d, change %d", seed, i)
                        .isEqualTo(DurableState.of(disk.durableFiles()).lastZxid());
                ends.add(end);
            }
        }
        assertThat(ends).hasSizeGreaterThan(20);
    }
}
