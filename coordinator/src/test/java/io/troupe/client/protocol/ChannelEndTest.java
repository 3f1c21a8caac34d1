package io.troupe.client.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.client.protocol.ChannelEnd.Receipt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two ends, and what is between them in the test's hands. */
class ChannelEndTest {
    private record Sent(long sequence, long received, byte[] bytes, boolean more) {}

    private static final class Side implements ChannelEnd.Wire {
        private final Deque<Sent> blocks = new ArrayDeque<>();
        private final Deque<Long> acks = new ArrayDeque<>();

        @Override
        public void block(long sequence, long received, byte[] bytes, boolean more) {
            blocks.add(new Sent(sequence, received, bytes, more));
        }

        @Override
        public void ack(long received) {
            acks.add(received);
        }
    }

    private final Side ours = new Side();
    private final Side theirs = new Side();
    private final ChannelEnd here = new ChannelEnd(ours, 4 << 20);
    private final ChannelEnd there = new ChannelEnd(theirs, 4 << 20);

    private static byte[] item(int length, int fill) {
        byte[] item = new byte[length];
        Arrays.fill(item, (byte) fill);
        return item;
    }

    private Receipt arrive(Sent block) {
        return there.receive(block.sequence(), block.received(), block.bytes(), block.more());
    }

    @Test
    void smallItemsShareABlock() {
        here.offer(item(10, 1));
        here.offer(item(20, 2));
        here.flush();

        assertThat(ours.blocks).hasSize(1);
        assertThat(arrive(ours.blocks.remove()))
                .isInstanceOfSatisfying(
                        Receipt.Whole.class,
                        whole -> assertThat(whole.bytes()).hasSize(30).endsWith(item(20, 2)));
        assertThat(here.queuedBytes()).isZero();
        assertThat(here.idle()).isFalse();
    }

    @Test
    void noBlockIsLongerThanAMessageMayBeAndAllComesOut() {
        Random random = new Random(7);
        List<byte[]> items = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < 200; i++) {
            byte[] item = new byte[random.nextInt(10) == 0 ? random.nextInt(2 << 20) : random.nextInt(5_000)];
            random.nextBytes(item);
            items.add(item);
            here.offer(item);
            total += item.length;
        }
        here.flush();
        long arrived = 0;
        int at = 0;
        while (!ours.blocks.isEmpty()) {
            Sent block = ours.blocks.remove();
            assertThat(block.bytes().length).isLessThanOrEqualTo(Coordinator.MOST_BYTES);
            if (arrive(block) instanceof Receipt.Whole whole) {
                int begin = 0;
                while (begin < whole.bytes().length) {
                    byte[] next = items.get(at++);
                    assertThat(Arrays.copyOfRange(whole.bytes(), begin, begin + next.length))
                            .isEqualTo(next);
                    begin += next.length;
                }
                arrived += whole.bytes().length;
            }
            while (!theirs.acks.isEmpty()) {
                here.acknowledged(theirs.acks.remove());
            }
        }
        assertThat(arrived).isEqualTo(total);
        assertThat(here.queuedBytes()).isZero();
    }

    @Test
    void noMoreIsUnderWayThanTheWindowHolds() {
        for (int i = 0; i < 100; i++) {
            here.offer(item(Coordinator.MOST_BYTES, i));
        }
        here.flush();

        assertThat(ours.blocks).hasSize(8);
        assertThat(here.queuedBytes()).isEqualTo(92L * Coordinator.MOST_BYTES);
        here.acknowledged(3);
        assertThat(ours.blocks).hasSize(11);
        here.acknowledged(3);
        here.acknowledged(1);
        assertThat(ours.blocks).hasSize(11);
    }

    @Test
    void whoOnlyListensAcknowledgesByItself() {
        for (int i = 0; i < 32; i++) {
            here.offer(item(1, i));
            here.flush();
        }
        ours.blocks.forEach(this::arrive);

        assertThat(theirs.acks).containsExactly(8L, 16L, 24L, 32L);
        here.acknowledged(32);
        assertThat(here.idle()).isTrue();
    }

    @Test
    void aGapBreaksTheConnectionAndARepetitionDoesNot() {
        for (int i = 0; i < 3; i++) {
            here.offer(item(1, i));
            here.flush();
        }
        List<Sent> sent = List.copyOf(ours.blocks);

        assertThat(arrive(sent.get(0))).isInstanceOf(Receipt.Whole.class);
        assertThat(arrive(sent.get(0))).isInstanceOf(Receipt.Nothing.class);
        assertThat(arrive(sent.get(2))).isInstanceOf(Receipt.Broken.class);
    }

    @Test
    void moreThanIsAllowedBreaksTheConnection() {
        ChannelEnd small = new ChannelEnd(theirs, 100_000);
        here.offer(item(1_000_000, 1));
        here.flush();

        List<Receipt> receipts = ours.blocks.stream()
                .map(block -> small.receive(block.sequence(), block.received(), block.bytes(), block.more()))
                .toList();

        assertThat(receipts.get(0)).isInstanceOf(Receipt.Nothing.class);
        assertThat(receipts.get(1)).isInstanceOf(Receipt.Broken.class);
    }
}
