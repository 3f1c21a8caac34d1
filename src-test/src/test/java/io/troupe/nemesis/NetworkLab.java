package io.troupe.nemesis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A network inside this host: a namespace for each server, one for the clients, and one for the router that joins them and
 * where every fault of the network is. Nothing of it is visible outside of the namespaces. Their names carry the process
 * that made them, so that what a killed run left behind is found and removed by a later one, and runs that go on at the same
 * time leave each other alone. Needs Linux, {@code ip} and the rights of root. Not thread safe.
 */
public final class NetworkLab implements AutoCloseable {
    /** Begins the name of every namespace made here. */
    static final String PREFIX = "troupe-nemesis-";

    private static final int FIRST_RULE = 1000;
    private static final int CLIENTS = 100;

    private final String name;
    private final int servers;
    private int nextRule = FIRST_RULE;

    /** A network that exists already. */
    public NetworkLab(String name, int servers) {
        this.name = name;
        this.servers = servers;
    }

    /** Builds the network of a new run of this process. Fails where that is not possible, and leaves nothing behind. */
    public static NetworkLab create(int servers) {
        var self = ProcessHandle.current();
        var lab = new NetworkLab(PREFIX + self.pid() + "x" + startOf(self), servers);
        try {
            lab.build();
            return lab;
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /** Removes namespaces of runs whose process is gone, and ends what still runs in them. */
    public static void removeLeftovers() {
        namespaces()
                .filter(namespace -> namespace.startsWith(PREFIX) && !isInUse(namespace))
                .forEach(NetworkLab::remove);
    }

    private static Stream<String> namespaces() {
        return Shell.run("ip", "netns", "list").output().lines().map(line -> line.split(" ", 2)[0]);
    }

    private static boolean isInUse(String namespace) {
        var owner = namespace.substring(PREFIX.length()).split("[x-]", 3);
        return owner.length == 3
                && owner[0].matches("[0-9]+")
                && ProcessHandle.of(Long.parseLong(owner[0]))
                        .filter(process -> owner[1].equals(Long.toString(startOf(process))))
                        .isPresent();
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::getEpochSecond).orElse(0L);
    }

    private static void remove(String namespace) {
        Shell.run("ip", "netns", "pids", namespace)
                .output()
                .lines()
                .map(NetworkLab::pid)
                .filter(OptionalLong::isPresent)
                .forEach(pid -> ProcessHandle.of(pid.getAsLong()).ifPresent(ProcessHandle::destroyForcibly));
        Shell.run("ip", "netns", "del", namespace);
    }

    private static OptionalLong pid(String text) {
        return text.matches("[0-9]+") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private void build() {
        Shell.must("ip", "netns", "add", router());
        Shell.must("ip", "netns", "exec", router(), "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        for (var id = 1; id <= servers; id++) {
            join(server(id), device(id), id);
        }
        join(clients(), "clients", CLIENTS);
    }

    private void join(String namespace, String device, int subnet) {
        Shell.must("ip", "netns", "add", namespace);
        Shell.must("ip", "-n", namespace, "link", "set", "lo", "up");
        Shell.must(
                "ip", "-n", router(), "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns",
                namespace);
        Shell.must("ip", "-n", router(), "addr", "add", "10.99." + subnet + ".1/24", "dev", device);
        Shell.must("ip", "-n", router(), "link", "set", device, "up");
        Shell.must("ip", "-n", namespace, "addr", "add", "10.99." + subnet + ".2/24", "dev", "eth0");
        Shell.must("ip", "-n", namespace, "link", "set", "eth0", "up");
        // No default route: who asks for a name is told at once that there is nobody to ask.
        Shell.must("ip", "-n", namespace, "route", "add", "10.99.0.0/16", "via", "10.99." + subnet + ".1");
    }

    /** What its namespaces' names begin with. */
    public String name() {
        return name;
    }

    String router() {
        return name + "-router";
    }

    /** The namespace of a server. */
    public String server(int id) {
        return name + "-server-" + id;
    }

    /** The namespace of the clients. */
    public String clients() {
        return name + "-clients";
    }

    /** The address of a server. */
    public static String address(int id) {
        return "10.99." + id + ".2";
    }

    /** The command that begins those of programs that run in a namespace. */
    public static List<String> inside(String namespace) {
        return List.of("ip", "netns", "exec", namespace);
    }

    /** From now on nothing that one server sends arrives at another; what it sends in return does. */
    void cut(int from, int to) {
        drop(from, to);
    }

    /** From now on two servers hear nothing of each other. */
    public void cutBoth(int one, int other) {
        drop(one, other);
        drop(other, one);
    }

    /** From now on a server and all clients hear nothing of each other. */
    public void cutFromClients(int server) {
        drop(server, CLIENTS);
        drop(CLIENTS, server);
    }

    private void drop(int from, int to) {
        Shell.must(
                "ip",
                "-n",
                router(),
                "rule",
                "add",
                "pref",
                Integer.toString(nextRule++),
                "from",
                subnet(from),
                "to",
                subnet(to),
                "blackhole");
    }

    private static String subnet(int id) {
        return "10.99." + id + ".0/24";
    }

    /** Loses this share of the packets to and from a server, from 0 to 1, each by chance of its own. */
    Shell.Result lose(int server, double share) {
        var device = device(server);
        Shell.run("tc", "-n", router(), "qdisc", "add", "dev", device, "clsact");
        var result = dropByChance(device, "ingress", share);
        return result.succeeded() ? dropByChance(device, "egress", share) : result;
    }

    /** A filter of four instructions: take a random number; where it is below the threshold drop, otherwise let pass. */
    private Shell.Result dropByChance(String device, String direction, double share) {
        var threshold = (long) (share * 0xffff_ffffL);
        var program = "4,32 0 0 4294963256,53 1 0 " + threshold + ",6 0 0 2,6 0 0 4294967295";
        return Shell.run(
                "tc", "-n", router(), "filter", "add", "dev", device, direction, "bpf", "da", "bytecode", program);
    }

    /** Lets this much through to a server, in kbit/s; what waits for longer than 400 ms is lost. */
    Shell.Result narrow(int server, int kilobits) {
        return Shell.run(
                "tc",
                "-n",
                router(),
                "qdisc",
                "add",
                "dev",
                device(server),
                "root",
                "tbf",
                "rate",
                kilobits + "kbit",
                "burst",
                "4000",
                "latency",
                "400ms");
    }

    /** Delays what goes to a server, in ms, by chance half of that more or less, and loses this share of it, in percent. */
    Shell.Result delay(int server, int millis, int percent) {
        return Shell.run(
                "tc",
                "-n",
                router(),
                "qdisc",
                "add",
                "dev",
                device(server),
                "root",
                "netem",
                "delay",
                millis + "ms",
                millis / 2 + "ms",
                "loss",
                percent + "%");
    }

    /** Makes every link whole and fast again. */
    public void heal() {
        for (; nextRule > FIRST_RULE; nextRule--) {
            Shell.run("ip", "-n", router(), "rule", "del", "pref", Integer.toString(nextRule - 1));
        }
        for (var id = 1; id <= servers; id++) {
            Shell.run("tc", "-n", router(), "qdisc", "del", "dev", device(id), "root");
            Shell.run("tc", "-n", router(), "qdisc", "del", "dev", device(id), "clsact");
        }
    }

    private static String device(int server) {
        return "server" + server;
    }

    /** Removes the network and ends what still runs in it. */
    @Override
    public void close() {
        var all = new ArrayList<>(List.of(clients()));
        IntStream.rangeClosed(1, servers).mapToObj(this::server).forEach(all::add);
        all.add(router());
        all.forEach(NetworkLab::remove);
    }
}
