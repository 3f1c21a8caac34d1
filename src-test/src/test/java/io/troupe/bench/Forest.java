package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Many znodes, evenly below some parents, with paths of 30 characters.
 *
 * @param parents how many
 * @param znodes how many below them altogether
 * @param bytes that each of them holds
 */
record Forest(int parents, long znodes, int bytes) {
    private static final String ROOT = "/bench";

    /** Far below the largest request that servers take as shipped. */
    private static final int BATCH = 1_000;

    private static final int SESSIONS = 3;
    private static final int BATCHES_AT_ONCE = 4;

    /** The path of one of the znodes, from 0. */
    String path(long number) {
        return "%s/n%016d".formatted(parent((int) (number % parents)), number);
    }

    private static String parent(int number) {
        return "%s/p%04d".formatted(ROOT, number);
    }

    /** Creates them all, by multis. */
    void grow(EnsembleProcesses ensemble) throws IOException {
        try (LoadGenerator generator = new LoadGenerator(Sessions.open(ensemble, SESSIONS))) {
            byte[] none = new byte[0];
            generator.each(List.of(List.of(Frames.create(ROOT, none))));
            generator.each(List.of(List.of(Frames.createAll(
                    IntStream.range(0, parents).mapToObj(Forest::parent).toList(), none))));
            for (long from = 0; from < znodes; from += (long) SESSIONS * BATCHES_AT_ONCE * BATCH) {
                generator.each(batches(from));
            }
        }
    }

    /** A few for each session. */
    private List<List<byte[]>> batches(long from) {
        byte[] data = new byte[bytes];
        List<List<byte[]>> all = new ArrayList<>();
        long next = from;
        for (int session = 0; session < SESSIONS; session++) {
            List<byte[]> batches = new ArrayList<>();
            for (int i = 0; i < BATCHES_AT_ONCE && next < znodes; i++) {
                long end = Math.min(znodes, next + BATCH);
                batches.add(Frames.createAll(
                        LongStream.range(next, end).mapToObj(this::path).toList(), data));
                next = end;
            }
            all.add(batches);
        }
        return all;
    }

    /** So many of them, at even distances, shared out to sessions: requests that set their data. */
    byte[][] writes(int session, int sessions, int each) {
        byte[] data = new byte[bytes];
        long step = Math.max(1, znodes / ((long) sessions * each));
        return IntStream.range(0, each)
                .mapToObj(i -> Frames.setData(path(((long) i * sessions + session) * step % znodes), data))
                .toArray(byte[][]::new);
    }
}
