package io.troupe.app.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.troupe.node.NodeSettings;
import io.troupe.node.NodeSettings.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who serves, who leads, who lags, and whether the clocks agree. */
final class EnsembleCheck implements Check {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern MODE = Pattern.compile("Mode: (\\w+)");
    private static final Pattern ZXID = Pattern.compile("Zxid: 0x([0-9a-f]+)");
    private static final String QUORUM = "quorum";
    private static final String CLOCKS = "clocks";

    /** Requests by which a node may be behind the leader without anybody asking why. */
    private static final long USUAL_LAG = 10_000;

    /** The header tells whole seconds. */
    private static final long USUAL_SKEW_MILLIS = 2_000;

    /** A node to be asked; what it answered is empty where it did not. */
    private record Member(int id, String host, int clientPort, boolean voter) {}

    private record Serving(Member member, String mode, long zxid) {}

    @Override
    public List<Finding> examine(Subject subject, Surroundings around) {
        List<Finding> findings = new ArrayList<>();
        List<Member> members = members(subject, around, findings);
        findings.add(quorum(subject, members, around));
        findings.add(clocks(subject, members, around));
        return findings;
    }

    // ---- who belongs to it ----

    /** As the node beside us knows them; while none runs, those of the seed list, with the client port that this one has. */
    private static List<Member> members(Subject subject, Surroundings around, List<Finding> findings) {
        NodeSettings node = subject.settings().node();
        List<Member> listed = new ArrayList<>();
        for (Seed seed : node.seeds()) {
            listed.add(new Member(seed.id(), seed.host(), node.clientPort(), true));
        }
        List<Member> known = known(subject, around);
        if (known.isEmpty()) {
            return listed;
        }
        TreeSet<Integer> voters = new TreeSet<>();
        known.stream().filter(Member::voter).forEach(member -> voters.add(member.id()));
        TreeSet<Integer> seeds = new TreeSet<>();
        listed.forEach(member -> seeds.add(member.id()));
        findings.add(
                voters.equals(seeds)
                        ? Finding.ok("members", "voters " + voters + ", as the seed list says")
                        : Finding.warn(
                                "members",
                                "voters " + voters + ", and the seed list names " + seeds,
                                "right after a reconfig; bring akka.cluster.seed-nodes up to date on every node, so that a node that"
                                        + " lost its disk finds the others"));
        return known;
    }

    private static List<Member> known(Subject subject, Surroundings around) {
        List<Member> members = new ArrayList<>();
        Optional<Surroundings.Answer> answer = around.node(subject.settings().http(), "/api/v1/ensemble");
        if (answer.isEmpty() || answer.get().status() != 200) {
            return members;
        }
        try {
            for (JsonNode member : JSON.readTree(answer.get().body()).path("members")) {
                String client = member.path("clientAddress").asText();
                members.add(new Member(
                        member.path("node").asInt(),
                        member.path("host").asText(),
                        Integer.parseInt(client.substring(client.lastIndexOf(':') + 1)),
                        member.path("voter").asBoolean()));
            }
        } catch (JsonProcessingException | NumberFormatException e) {
            members.clear();
        }
        return members;
    }

    // ---- who serves ----

    private static Finding quorum(Subject subject, List<Member> members, Surroundings around) {
        int voters = (int) members.stream().filter(Member::voter).count();
        int needed = voters / 2 + 1;
        List<Serving> serving = new ArrayList<>();
        for (Member member : members) {
            if (member.clientPort() > 0) {
                around.word(member.host(), member.clientPort(), "srvr")
                        .flatMap(text -> serving(member, text))
                        .ifPresent(serving::add);
            }
        }
        long votersServing = serving.stream().filter(s -> s.member().voter()).count();
        Optional<Serving> leader = serving.stream()
                .filter(s -> s.mode().equals("leader") || s.mode().equals("standalone"))
                .findFirst();
        String seen = votersServing + " of " + voters + " voters serve, " + needed + " are needed; "
                + leader.map(l -> "node " + l.member().id() + " leads").orElse("no leader was found");
        if (votersServing < needed) {
            boolean runs = around.holder(subject.settings().node().peerPort())
                    .map(Surroundings.Holder::isNode)
                    .orElse(false);
            String advice =
                    "start the others, and see the ways to them above; docs/operations.md tells what to do when they are"
                            + " lost";
            return runs
                    ? Finding.fail(QUORUM, seen, advice)
                    : Finding.warn(QUORUM, seen, "usual before a first start; else " + advice);
        }
        return leader.map(found -> lag(found, serving, seen)).orElseGet(() -> Finding.ok(QUORUM, seen));
    }

    private static Optional<Serving> serving(Member member, String text) {
        Matcher mode = MODE.matcher(text);
        Matcher zxid = ZXID.matcher(text);
        return mode.find() && zxid.find()
                ? Optional.of(new Serving(member, mode.group(1), Long.parseUnsignedLong(zxid.group(1), 16)))
                : Optional.empty();
    }

    private static Finding lag(Serving leader, List<Serving> serving, String seen) {
        List<String> slow = new ArrayList<>();
        for (Serving other : serving) {
            long behind = leader.zxid() - other.zxid();
            if (behind > USUAL_LAG) {
                slow.add("node " + other.member().id() + " is " + behind + " requests behind");
            }
        }
        return slow.isEmpty()
                ? Finding.ok(QUORUM, seen)
                : Finding.warn(
                        QUORUM,
                        seen + "; " + String.join(", ", slow),
                        "run troupe doctor on its host: its disk or its network is slow, or it has just come back");
    }

    // ---- the time ----

    private static Finding clocks(Subject subject, List<Member> members, Surroundings around) {
        List<String> compared = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Member member : members) {
            // On this host the port is the one of the node itself.
            if (member.host().equals(subject.settings().node().host())) {
                continue;
            }
            around.http(member.host(), subject.settings().http().port(), "/livez")
                    .flatMap(Surroundings.Answer::aheadMillis)
                    .ifPresent(ahead -> (Math.abs(ahead) > USUAL_SKEW_MILLIS ? wrong : compared)
                            .add("node " + member.id() + " by " + ahead + " ms"));
        }
        if (!wrong.isEmpty()) {
            return Finding.warn(
                    CLOCKS,
                    "ahead of this one: " + String.join(", ", wrong),
                    "have a time service (chrony, systemd-timesyncd) run on every host. No protocol step depends on it, but ctime and"
                            + " mtime, times to live and logs do");
        }
        return Finding.ok(
                CLOCKS,
                compared.isEmpty()
                        ? "not compared: no other node's HTTP port was reached from here (troupe.http.host)"
                        : "ahead of this one, to half a second: " + String.join(", ", compared));
    }
}
