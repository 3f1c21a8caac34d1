package io.troupe.sim;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * An operator who changes the members while everything else goes on: voters become observers and voters again, nodes are
 * taken off the list and put back, by steps and by whole lists.
 */
final class MemberChanges {
    static final int SESSION_MILLIS = 20_000;
    private static final int LEAST_VOTERS = 2;

    private final SimEnsemble ensemble;
    private final SimWorld world;
    private final SplittableRandom random;
    private final SimClient operator;
    private final boolean staleLists;
    private boolean over;
    private int changed;

    /**
     * An operator.
     *
     * @param staleLists whether votes are taken away even when the list has changed since the operator looked
     */
    MemberChanges(SimEnsemble ensemble, boolean staleLists) {
        this.staleLists = staleLists;
        this.ensemble = ensemble;
        this.world = ensemble.world();
        this.random = world.random("members");
        this.operator = new SimClient(
                world,
                "operator",
                ensemble.nodes(),
                SESSION_MILLIS,
                List.of(new Identity("super", "")),
                new SimClient.Listener() {});
    }

    void start() {
        operator.start();
        later();
    }

    /** No further change is asked for. */
    void end() {
        over = true;
    }

    /** The operator goes away. */
    void leave() {
        operator.stop();
    }

    /** Changes that have taken effect. */
    int changed() {
        return changed;
    }

    private void later() {
        world.schedule(null, random.nextLong(200, 6_000) * 1_000_000L, this::change);
    }

    private void change() {
        if (over) {
            return;
        }
        Optional<Membership> now = latest();
        if (now.isEmpty() || operator.waiting() > 0) {
            later();
            return;
        }
        Operation wish = wish(now.get());
        world.trace().event("operator asks for " + wish);
        operator.write(wish, call -> {
            if (call.ok()) {
                changed++;
            }
            world.trace().event("operator hears " + (call.ok() ? ErrorCode.OK : call));
            later();
        });
    }

    /** The list of the highest version that any node knows of. */
    private Optional<Membership> latest() {
        return ensemble.nodes().stream()
                .map(SimNode::status)
                .filter(Objects::nonNull)
                .map(status -> Objects.requireNonNull(status).membership())
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .filter(membership -> !membership.ensembleId().isEmpty())
                .reduce((a, b) -> a.version() >= b.version() ? a : b);
    }

    private Operation wish(Membership now) {
        SimNode node = ensemble.nodes().get(random.nextInt(ensemble.nodes().size()));
        Member listed = now.member(node.id()).orElse(listing(node));
        long anyVersion = random.nextInt(4) == 0 ? now.version() : -1;
        long version = staleLists ? anyVersion : now.version();
        boolean mayLoseAVote = !listed.voter() || now.voters().size() > LEAST_VOTERS;
        if (now.member(node.id()).isEmpty() || !listed.voter() || !mayLoseAVote) {
            return new Operation.Reconfigure(List.of(listing(node)), List.of(), null, anyVersion, true);
        }
        return switch (random.nextInt(3)) {
            case 0 -> new Operation.Reconfigure(List.of(listing(node).asObserver()), List.of(), null, version, true);
            case 1 -> new Operation.Reconfigure(List.of(), List.of(node.id()), null, version, true);
            default -> {
                List<Member> all = new ArrayList<>(now.members());
                all.removeIf(m -> m.nodeId() == node.id());
                yield new Operation.Reconfigure(List.of(), List.of(), all, version, true);
            }
        };
    }

    private static Member listing(SimNode node) {
        return new Member(node.id(), "n" + node.id(), 25520, "n" + node.id(), 2181, 0);
    }
}
