package io.troupe.app.shell;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;

/** Deletes znodes, children before their parents, many in one transaction. */
final class Deletion {
    /** A transaction is one request, of which a server takes 1 MiB unless configured otherwise. */
    private static final int MOST_CHARACTERS = 200_000;

    private final ZooKeeper client;
    private final Output output;
    private final int batchSize;
    private int deleted;

    Deletion(ZooKeeper client, Output output, int batchSize) {
        this.client = client;
        this.output = output;
        this.batchSize = batchSize;
    }

    /**
     * Deletes {@code paths}, the last one first.
     *
     * @return how many were still there
     */
    int deleteFromTheEnd(List<String> paths) throws KeeperException, InterruptedException {
        List<String> batch = new ArrayList<>();
        int characters = 0;
        for (int i = paths.size() - 1; i >= 0; i--) {
            batch.add(paths.get(i));
            characters += paths.get(i).length();
            if (batch.size() >= batchSize || characters >= MOST_CHARACTERS || i == 0) {
                delete(batch);
                output.progress(deleted + " of " + paths.size() + " deleted");
                batch.clear();
                characters = 0;
            }
        }
        return deleted;
    }

    private void delete(List<String> batch) throws KeeperException, InterruptedException {
        try {
            client.multi(batch.stream().map(path -> Op.delete(path, -1)).toList());
            deleted += batch.size();
        } catch (KeeperException.NoNodeException | KeeperException.NotEmptyException e) {
            // Others change the same znodes: whatever can be deleted is, and an error names its path.
            for (String path : batch) {
                deleteIfThere(path);
            }
        }
    }

    private void deleteIfThere(String path) throws KeeperException, InterruptedException {
        try {
            client.delete(path, -1);
            deleted++;
        } catch (KeeperException.NoNodeException e) {
            // Deleted by somebody else, or with its parent's container.
        }
    }
}
