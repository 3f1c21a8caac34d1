package io.troupe.sim.invariant;

import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.WireMessage;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import io.troupe.request.Section;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All nodes execute one and the same sequence of batches, each the successor of the one before (Zab: agreement, total
 * order, global primary order), nobody executes what was never proposed (integrity), and in that sequence the requests
 * that came by way of one node stand once each, in the order in which it took them (architecture section 3: exactly
 * once; contract 1.8).
 */
public final class TotalOrder implements Invariant {
    private record Origin(int node, long incarnation) {}

    /** By {@link ZxidKey}, as the other. */
    private final Map<Long, Batch> proposed = new HashMap<>();

    private final Set<Long> executed = new HashSet<>();
    private final Map<Origin, Long> sequences = new HashMap<>();
    private long end;

    @Override
    public Optional<String> onSent(int from, int to, WireMessage message) {
        Wire.message(message, Propose.class)
                .map(propose -> Batch.of(propose.batch()))
                .ifPresent(batch -> {
                    if (batch.lastZxid() > end) {
                        proposed.putIfAbsent(ZxidKey.of(batch.lastZxid()), batch);
                    }
                });
        return Optional.empty();
    }

    @Override
    public Optional<String> onStatus(String process, NodeStatus status) {
        long zxid = status.executedZxid();
        if (zxid == Zxid.NONE || executed.contains(ZxidKey.of(zxid))) {
            return Optional.empty();
        }
        if (zxid <= end) {
            return Optional.of("%s has executed %s, which others have not".formatted(process, Zxid.hex(zxid)));
        }
        Deque<Batch> chain = new ArrayDeque<>();
        long position = zxid;
        while (position > end) {
            Batch batch = proposed.get(ZxidKey.of(position));
            if (batch == null) {
                return Optional.of("%s has executed %s, which nobody proposed".formatted(process, Zxid.hex(position)));
            }
            chain.addFirst(batch);
            position = batch.previousZxid();
        }
        if (position != end) {
            return Optional.of("%s has executed %s after %s, others %s after that"
                    .formatted(process, Zxid.hex(chain.getFirst().lastZxid()), Zxid.hex(position), Zxid.hex(end)));
        }
        return execute(chain, zxid);
    }

    private Optional<String> execute(Deque<Batch> chain, long last) {
        end = last;
        for (Batch batch : chain) {
            executed.add(ZxidKey.of(batch.lastZxid()));
            proposed.remove(ZxidKey.of(batch.lastZxid()));
            for (Section section : batch.sections()) {
                Optional<String> doubled = take(batch, section);
                if (doubled.isPresent()) {
                    return doubled;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> take(Batch batch, Section section) {
        Origin origin = new Origin(section.originNode(), section.incarnation());
        long first = section.firstSequence();
        Long before = sequences.put(origin, first + section.count() - 1);
        return before == null || first == before + 1
                ? Optional.empty()
                : Optional.of("%s holds request %d of %s after its request %d".formatted(batch, first, origin, before));
    }
}
