package io.troupe.app.doctor;

import io.troupe.node.NodeSettings;
import io.troupe.node.NodeSettings.Seed;
import io.troupe.node.PeerSecurity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names, ports, and the way to the other nodes. */
final class NetworkCheck implements Check {
    private static final String SEEDS = "seed list";
    private static final String NAMES = "names";

    @Override
    public List<Finding> examine(Subject subject, Surroundings around) {
        NodeSettings node = subject.settings().node();
        List<Finding> findings = new ArrayList<>();
        findings.add(seeds(node));
        findings.add(ownName(node, around));
        ports(subject, around, findings);
        for (Seed seed : node.seeds()) {
            if (seed.id() != node.nodeId()) {
                findings.add(peer(seed, around));
            }
        }
        if (subject.settings().peers() instanceof PeerSecurity.None none && none.beyondLoopback()) {
            findings.add(Finding.warn(
                    "peer port",
                    "nothing protects the connections between nodes",
                    "give all nodes one secret (troupe.peer-tls.secret-file, see docs/tls.md)"));
        }
        return findings;
    }

    private static Finding seeds(NodeSettings node) {
        int voters = node.seeds().size();
        String seen = voters + (voters == 1 ? " voter" : " voters") + " at a first start";
        if (voters % 2 == 0) {
            return Finding.warn(
                    SEEDS,
                    seen,
                    "an even number survives no more failures than one less: list " + (voters - 1) + " or "
                            + (voters + 1));
        }
        return Finding.ok(SEEDS, seen);
    }

    private static Finding ownName(NodeSettings node, Surroundings around) {
        Optional<String> address = around.resolve(node.host());
        if (address.isEmpty()) {
            return Finding.fail(
                    NAMES,
                    node.host() + ", this node's own name, has no address",
                    "enter it in DNS or /etc/hosts, or correct troupe.host");
        }
        String seen = node.host() + " is " + address.get();
        if (!around.isLocal(address.get())) {
            return Finding.warn(
                    NAMES,
                    seen + ", which is no address of this host",
                    "right behind NAT or in a container, where others reach the node by it; else correct troupe.host");
        }
        boolean others = node.seeds().stream().anyMatch(seed -> !seed.host().equals(node.host()));
        if (others && address.get().startsWith("127.")) {
            return Finding.fail(
                    NAMES,
                    seen + ", where no other host reaches it",
                    "remove the name from the 127.0.x.x lines of /etc/hosts, or set troupe.host to an address that the"
                            + " others reach");
        }
        return Finding.ok(NAMES, seen);
    }

    private static void ports(Subject subject, Surroundings around, List<Finding> findings) {
        NodeSettings node = subject.settings().node();
        findings.add(port("client port", node.clientBindHost(), node.clientPort(), around));
        findings.add(port("client port for TLS", node.secureClientBindHost(), node.secureClientPort(), around));
        findings.add(port("peer port", node.bindHost(), node.peerPort(), around));
        findings.add(port(
                "HTTP port",
                subject.settings().http().host(),
                subject.settings().http().port(),
                around));
        findings.removeIf(finding -> finding.seen().isEmpty());
    }

    private static Finding port(String what, String host, int port, Surroundings around) {
        if (port <= 0) {
            return Finding.ok(what, "");
        }
        Optional<String> problem = around.listenProblem(host, port);
        if (problem.isEmpty()) {
            return Finding.ok(what, host + ":" + port + " is free");
        }
        Optional<Surroundings.Holder> holder = around.holder(port);
        if (holder.isPresent() && holder.get().isNode()) {
            return Finding.ok(
                    what,
                    host + ":" + port + " is held by a node of Troupe, process "
                            + holder.get().pid());
        }
        return Finding.fail(
                what,
                host + ":" + port + ": " + problem.get()
                        + holder.map(h -> "; process " + h.pid() + " has it: " + h.command())
                                .orElse(""),
                "stop that process, or choose another port");
    }

    private static Finding peer(Seed seed, Surroundings around) {
        String what = "way to node " + seed.id();
        String where = seed.host() + ":" + seed.port();
        if (around.resolve(seed.host()).isEmpty()) {
            return Finding.fail(
                    what, seed.host() + " has no address", "enter it in DNS or /etc/hosts, or correct the list");
        }
        return switch (around.connect(seed.host(), seed.port())) {
            case OPEN -> Finding.ok(what, where + " accepts connections");
            case REFUSED ->
                Finding.warn(what, where + ": the host is there, and nobody listens", "start the node, or see its log");
            case SILENT ->
                Finding.fail(
                        what,
                        where + " does not answer",
                        "is the host up, and does the firewall admit the peer port in both directions?");
        };
    }
}
