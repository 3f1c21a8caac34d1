package io.troupe.node;

import io.troupe.node.NodeSettings.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code akka.cluster.seed-nodes}: the voters of a first start, as addresses of actor systems. */
final class SeedList {
    static final String KEY = "akka.cluster.seed-nodes";

    private static final Pattern ADDRESS = Pattern.compile("akka://troupe@(\\[[^\\]]+\\]|[^:/@\\[\\]]+):(\\d{1,5})/?");
    private static final int MOST = 254;

    private SeedList() {}

    static List<Seed> read(CheckedConfig config) {
        List<Seed> seeds = new ArrayList<>();
        boolean readable = true;
        for (String written : config.texts(KEY)) {
            Matcher address = ADDRESS.matcher(written.strip());
            int port = address.matches() ? Integer.parseInt(address.group(2)) : 0;
            if (port < 1 || port > 65_535) {
                config.refuse(
                        KEY, "\"" + written + "\" is no address; write \"akka://troupe@host:port\" with the peer port");
                readable = false;
            } else {
                seeds.add(new Seed(address.group(1), port));
            }
        }
        if (readable && seeds.isEmpty()) {
            config.refuse(KEY, "name the nodes of the ensemble, this one among them; one alone runs standalone");
        }
        if (seeds.size() > MOST) {
            config.refuse(KEY, "at most " + MOST + " nodes can vote");
        }
        if (seeds.stream().distinct().count() < seeds.size()) {
            config.refuse(KEY, "name each node once");
        }
        return seeds;
    }

    /** The position of an address in the list, from 1; 0 when it is not there. */
    static int position(List<Seed> seeds, String host, int port) {
        for (int i = 0; i < seeds.size(); i++) {
            Seed seed = seeds.get(i);
            if (seed.host().equalsIgnoreCase(host) && seed.port() == port) {
                return i + 1;
            }
        }
        return 0;
    }
}
