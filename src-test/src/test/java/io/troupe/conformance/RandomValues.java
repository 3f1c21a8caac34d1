package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.troupe.process.OfficialClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.Nullable;

/** Parameters of operations, mostly sensible ones, on a few paths that get in each other's way. */
final class RandomValues {
    private static final List<String> NAMES = List.of("/a", "/a", "/a/b", "/a/b", "/a/c", "/b", "/b", "");

    /** What follows the base in paths that are wrong (contract 2.2). */
    private static final List<String> WRONG = List.of(
            "/",
            "//a",
            "/./a",
            "/a/..",
            "/a/.",
            "/\u0000",
            "/a\u0001",
            "/a\u007f",
            "/a\u009f",
            "/a\ue000",
            "/a\uf8ff",
            "/a\ufff0",
            "/a/",
            "//");

    private static final List<String> ELSEWHERE =
            List.of("/", "/zookeeper", "/zookeeper/quota", "/zookeeper/none", "", "a", "zookeeper", "//", "/nowhere/a");

    private static final Id ANYONE = new Id("world", "anyone");
    private static final List<List<ACL>> ACLS = List.of(
            OfficialClient.OPEN,
            OfficialClient.OPEN,
            OfficialClient.OPEN,
            List.of(new ACL(Perms.READ, ANYONE)),
            List.of(new ACL(Perms.ALL & ~Perms.DELETE, ANYONE)),
            List.of(new ACL(Perms.ALL & ~Perms.READ, ANYONE)),
            List.of(new ACL(Perms.ADMIN, ANYONE)),
            List.of(new ACL(0, ANYONE)),
            List.of(new ACL(-1, ANYONE)),
            List.of(new ACL(Perms.ALL, new Id("auth", ""))),
            List.of(new ACL(Perms.ALL, new Id("digest", "bob:hash=")), new ACL(Perms.READ, ANYONE)),
            List.of(new ACL(Perms.ALL, new Id("ip", "127.0.0.0/8"))),
            List.of(new ACL(Perms.ALL, new Id("ip", "10.0.0.0/8"))),
            List.of(new ACL(Perms.READ, new Id("auth", "")), new ACL(Perms.READ, new Id("auth", "x"))),
            List.of(new ACL(Perms.READ, ANYONE), new ACL(Perms.READ, ANYONE), new ACL(Perms.WRITE, ANYONE)));

    private static final List<List<ACL>> WRONG_ACLS = List.of(
            List.of(),
            List.of(new ACL(Perms.ALL, new Id("world", "noone"))),
            List.of(new ACL(Perms.ALL, new Id("digest", "bob:hash=:")), new ACL(Perms.ALL, ANYONE)),
            List.of(new ACL(Perms.ALL, new Id("digest", "bob:hash=:more"))),
            List.of(new ACL(Perms.ALL, new Id("digest", "bob"))),
            List.of(new ACL(Perms.ALL, new Id("ip", "[::1]"))),
            List.of(new ACL(Perms.ALL, new Id("ip", "127.0.0.1/33"))),
            List.of(new ACL(Perms.ALL, new Id("ip", "here"))),
            List.of(new ACL(Perms.ALL, new Id("sasl", "bob"))),
            List.of(new ACL(Perms.ALL, new Id("x509", "CN=bob"))),
            List.of(new ACL(Perms.ALL, new Id("super", ""))),
            List.of(new ACL(Perms.ALL, new Id("nosuch", "x"))));

    private final Random random;
    private final String base;
    private final List<String> elsewhere;

    /**
     * Values for one sequence.
     *
     * @param ensemble the membership is not read: it holds the ports of each ensemble
     */
    RandomValues(Random random, String base, boolean ensemble) {
        this.random = random;
        this.base = base;
        this.elsewhere = new ArrayList<>(ELSEWHERE);
        if (!ensemble) {
            elsewhere.add("/zookeeper/config");
        }
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** Where a node may be. */
    String node() {
        return base + any(NAMES);
    }

    /** Of a node, or of none that could be; null now and then. */
    @Nullable
    String path() {
        return switch (random.nextInt(24)) {
            case 0 -> base + any(WRONG);
            case 1 -> any(elsewhere);
            case 2 -> oneIn(4) ? null : node();
            default -> node();
        };
    }

    /** The same, but nothing outside of the sequence's own tree. */
    String ownPath() {
        return oneIn(14) ? base + any(WRONG) : node();
    }

    byte @Nullable [] data() {
        return oneIn(8) ? null : "x".repeat(random.nextInt(20)).getBytes(UTF_8);
    }

    int version() {
        return Math.max(-1, random.nextInt(6) - 4) - (oneIn(30) ? 1 : 0);
    }

    List<ACL> acl() {
        return new ArrayList<>(any(oneIn(6) ? WRONG_ACLS : ACLS));
    }

    /** The list of a node that others must be able to use. */
    List<ACL> acl(int openOneIn) {
        return random.nextInt(openOneIn) == 0 ? acl() : OfficialClient.OPEN;
    }
}
