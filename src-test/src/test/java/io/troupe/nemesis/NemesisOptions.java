package io.troupe.nemesis;

import java.util.List;

/**
 * What the command line says.
 *
 * @param minutes how long faults go on; each kind happens once however short that is
 * @param seed of faults and clients
 * @param servers of the ensemble
 * @param program of the servers, {@code troupe} or {@code zookeeper}
 * @param lab name of the network that this process is in; empty where it has yet to be built
 * @param withoutNetwork why there is no network; empty where there is one
 */
record NemesisOptions(double minutes, long seed, int servers, String program, String lab, String withoutNetwork) {
    static final String USAGE = "usage: nemesis [--minutes N] [--seed N] [--nodes 3|5] [--server troupe|zookeeper]";

    /** Reads arguments; an {@link IllegalArgumentException} names the one that is wrong. */
    static NemesisOptions parse(List<String> arguments) {
        var options = new NemesisOptions(5, 1, 3, "troupe", "", "");
        for (var at = 0; at < arguments.size(); at += 2) {
            var name = arguments.get(at);
            if (at + 1 == arguments.size()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            options = options.with(name, arguments.get(at + 1));
        }
        return options;
    }

    private NemesisOptions with(String name, String value) {
        return switch (name) {
            case "--minutes" -> new NemesisOptions(number(name, value), seed, servers, program, lab, withoutNetwork);
            case "--seed" ->
                new NemesisOptions(minutes, (long) number(name, value), servers, program, lab, withoutNetwork);
            case "--nodes" -> {
                if (!value.equals("3") && !value.equals("5")) {
                    throw new IllegalArgumentException("--nodes is 3 or 5, not " + value);
                }
                yield new NemesisOptions(minutes, seed, Integer.parseInt(value), program, lab, withoutNetwork);
            }
            case "--server" -> {
                if (!value.equals("troupe") && !value.equals("zookeeper")) {
                    throw new IllegalArgumentException("--server is troupe or zookeeper, not " + value);
                }
                yield new NemesisOptions(minutes, seed, servers, value, lab, withoutNetwork);
            }
            case "--inside" -> inside(value);
            default -> throw new IllegalArgumentException("unknown option " + name);
        };
    }

    private static double number(String name, String value) {
        if (!value.matches("[0-9]{1,9}(\\.[0-9]{1,3})?")) {
            throw new IllegalArgumentException(name + " needs a number, not " + value);
        }
        return Double.parseDouble(value);
    }

    /** The same in a network that exists. */
    NemesisOptions inside(String name) {
        return new NemesisOptions(minutes, seed, servers, program, name, "");
    }

    /** The same on the loopback interface. */
    NemesisOptions withoutNetwork(String reason) {
        return new NemesisOptions(minutes, seed, servers, program, "", reason);
    }

    /** The arguments that say the same. */
    List<String> arguments() {
        return List.of(
                "--minutes",
                Double.toString(minutes),
                "--seed",
                Long.toString(seed),
                "--nodes",
                Integer.toString(servers),
                "--server",
                program,
                "--inside",
                lab);
    }
}
