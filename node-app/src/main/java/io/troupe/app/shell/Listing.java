package io.troupe.app.shell;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** The children of a znode with what each of them is. While one answer is looked at, others are under way. */
final class Listing {
    private static final int AHEAD = 64;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    /** No session owns it. */
    private static final String NOBODY = "-";

    private record Asked(String name, CompletableFuture<@Nullable Stat> answer) {}

    private Listing() {}

    /** The stat of each child by its name, in the order given; a child that has gone meanwhile is left out. */
    static Map<String, Stat> of(ZooKeeper client, String parent, List<String> names)
            throws KeeperException, InterruptedException {
        Map<String, Stat> stats = new LinkedHashMap<>();
        Deque<Asked> underWay = new ArrayDeque<>();
        for (String name : names) {
            underWay.add(new Asked(name, ask(client, Subtree.child(parent, name))));
            if (underWay.size() == AHEAD) {
                take(underWay.remove(), stats);
            }
        }
        for (Asked asked : underWay) {
            take(asked, stats);
        }
        return stats;
    }

    private static CompletableFuture<@Nullable Stat> ask(ZooKeeper client, String path) {
        CompletableFuture<@Nullable Stat> answer = new CompletableFuture<>();
        client.exists(
                path,
                false,
                (rc, asked, context, stat) -> {
                    if (rc == Code.OK.intValue() || rc == Code.NONODE.intValue()) {
                        answer.complete(stat);
                    } else {
                        answer.completeExceptionally(KeeperException.create(Code.get(rc), asked));
                    }
                },
                null);
        return answer;
    }

    private static void take(Asked asked, Map<String, Stat> stats) throws KeeperException, InterruptedException {
        try {
            Stat stat = asked.answer().get();
            if (stat != null) {
                stats.put(asked.name(), stat);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KeeperException failure) {
                throw failure;
            }
            throw new IllegalStateException("stat of " + asked.name(), e);
        }
    }

    static List<String> lines(Map<String, Stat> children) {
        Table table = new Table()
                .numbers("VERSION")
                .numbers("BYTES")
                .numbers("CHILDREN")
                .texts("CHANGED")
                .texts("EPHEMERAL OF")
                .texts("NAME");
        children.forEach((name, stat) -> table.row(
                stat.getVersion(),
                stat.getDataLength(),
                stat.getNumChildren(),
                TIME.format(Instant.ofEpochMilli(stat.getMtime())),
                stat.getEphemeralOwner() == 0 ? NOBODY : "0x" + Long.toHexString(stat.getEphemeralOwner()),
                name));
        return table.lines();
    }

    static List<Map<String, Object>> json(Map<String, Stat> children) {
        List<Map<String, Object>> rows = new ArrayList<>(children.size());
        children.forEach((name, stat) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", name);
            row.put("stat", StatText.json(stat));
            rows.add(row);
        });
        return rows;
    }
}
