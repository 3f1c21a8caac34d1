package io.troupe.node;

import io.troupe.node.NodeSettings.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Reads {@code akka.cluster.seed-nodes}: the voters of a first start, as addresses of actor systems. */
final class SeedList {
    static final String KEY = "akka.cluster.seed-nodes";

    private static final String IDS = "troupe.seed-ids";

    private static final Pattern ADDRESS = Pattern.compile("akka://troupe@(\\[[^\\]]+\\]|[^:/@\\[\\]]+):(\\d{1,5})/?");
    private static final int MOST = 254;

    private SeedList() {}

    static List<Seed> read(CheckedConfig config) {
        List<String> list = config.texts(KEY);
        List<Integer> ids = ids(config, list.size());
        List<Seed> seeds = new ArrayList<>();
        boolean readable = true;
        for (String written : list) {
            Matcher address = ADDRESS.matcher(written.strip());
            int port = address.matches() ? Integer.parseInt(address.group(2)) : 0;
            if (port < 1 || port > 65_535) {
                config.refuse(
                        KEY, "\"" + written + "\" is no address; write \"akka://troupe@host:port\" with the peer port");
                readable = false;
            } else {
                seeds.add(new Seed(ids.get(seeds.size()), address.group(1), port));
            }
        }
        if (readable && seeds.isEmpty()) {
            config.refuse(
                    KEY,
                    "name the nodes of the ensemble, this one among them, [\"akka://troupe@host:port\", …] with the peer ports; one"
                            + " alone runs standalone");
        }
        if (seeds.size() > MOST) {
            config.refuse(KEY, "at most " + MOST + " nodes can vote");
        }
        if (seeds.stream()
                        .map(seed -> seed.host() + ":" + seed.port())
                        .distinct()
                        .count()
                < seeds.size()) {
            config.refuse(KEY, "name each node once");
        }
        return seeds;
    }

    /** The ids of a list of so many nodes, in its order: written ones, or positions. */
    private static List<Integer> ids(CheckedConfig config, int size) {
        List<Integer> positions = IntStream.rangeClosed(1, size).boxed().toList();
        if (config.is(IDS, "auto")) {
            return positions;
        }
        List<String> written = config.texts(IDS);
        boolean valid =
                written.stream().allMatch(id -> id.matches("\\d{1,3}") && 1 <= number(id) && number(id) <= MOST);
        if (!valid || written.size() != size || Set.copyOf(written).size() != size) {
            config.refuse(IDS, "write one number from 1 to " + MOST + " for each node of " + KEY + ", each once");
            return positions;
        }
        return written.stream().map(SeedList::number).toList();
    }

    private static int number(String id) {
        return Integer.parseInt(id);
    }

    /** The id that the list gives to an address; 0 when it is not there. */
    static int idOf(List<Seed> seeds, String host, int port) {
        for (Seed seed : seeds) {
            if (seed.host().equalsIgnoreCase(host) && seed.port() == port) {
                return seed.id();
            }
        }
        return 0;
    }
}
