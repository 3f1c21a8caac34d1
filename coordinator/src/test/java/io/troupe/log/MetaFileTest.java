package io.troupe.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.env.FakeDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class MetaFileTest {
    private static final String NAME = "node.meta";
    private static final Membership FOUNDING = new Membership(
            "ensemble-1",
            0,
            List.of(new Member(1, "a.example", 7001, "ca.example", 2181, -5), new Member(2, "b", 7002, "cb", 2182, 6)),
            null);
    private static final NodeMeta OLD = new NodeMeta(1, -77, 3, 9, 8, FOUNDING);
    private static final NodeMeta NEW = OLD.withAcceptedEpoch(12).withCurrentEpoch(11);

    private final FakeDisk disk = new FakeDisk();

    private static NodeMeta read(FakeDisk disk) throws IOException {
        return Objects.requireNonNull(new MetaFile(disk).read());
    }

    @Test
    void isAbsentInADirectoryNeverUsed() throws IOException {
        assertThat(new MetaFile(disk).read()).isNull();
    }

    @Test
    void givesBackWhatWasWritten() throws IOException {
        new MetaFile(disk).write(OLD);
        assertThat(read(disk)).isEqualTo(OLD);

        new MetaFile(disk).write(NEW);
        assertThat(read(disk)).isEqualTo(NEW);
    }

    @Test
    void knowsANodeThatBelongsToNoEnsembleYet() throws IOException {
        NodeMeta unborn = new NodeMeta(7, Long.MIN_VALUE, 1, 0, 0, null);
        new MetaFile(disk).write(unborn);

        assertThat(read(disk)).isEqualTo(unborn);
    }

    @Test
    void isDurableOnReturn() throws IOException {
        new MetaFile(disk).write(OLD);

        assertThat(read(disk.afterPowerLoss())).isEqualTo(OLD);
    }

    @Test
    void isRefusedWhenItIsDamaged() {
        disk.put(NAME, new byte[10_000]);

        assertThatThrownBy(() -> read(disk))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("node.meta")
                .hasMessageContaining("move the data directory away");
    }

    private void putWithChecksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        disk.put(NAME, (text + "crc=%08x\n".formatted(crc.getValue())).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isRefusedWhenALaterReleaseWroteIt() {
        putWithChecksum("format=3\n");

        assertThatThrownBy(() -> read(disk)).hasMessageContaining("3");
    }

    @Test
    void isRefusedWhenALineIsMissing() {
        putWithChecksum("format=1\nnode=1\n");

        assertThatThrownBy(() -> read(disk)).hasMessageContaining("there is no line disk=");
    }
}
