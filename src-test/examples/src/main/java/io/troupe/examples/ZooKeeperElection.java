package io.troupe.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/**
 * Leader election with ZooKeeper's client alone: {@code election-zookeeper NAME}. Each candidate makes an ephemeral sequential znode and
 * watches the one before its own; the first leads.
 */
public final class ZooKeeperElection {
    private static final String DIRECTORY = "/examples-election-zookeeper";
    private static final int TIMEOUT_MILLIS = 10_000;

    private final String name;
    private final BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
    private final ZooKeeper zooKeeper;

    private ZooKeeperElection(String name) throws IOException {
        this.name = name;
        this.zooKeeper = new ZooKeeper(System.getProperty("connect", ""), TIMEOUT_MILLIS, events::add);
    }

    public static void main(String[] args) throws Exception {
        new ZooKeeperElection(args.length > 0 ? args[0] : "candidate").run();
    }

    private void say(String text) {
        System.out.println(name + ": " + text);
    }

    private void run() throws Exception {
        while (true) {
            WatchedEvent event = events.take();
            if (event.getState() == KeeperState.Expired) {
                say("the session has expired");
                return;
            } else if (event.getState() == KeeperState.Disconnected) {
                // Others may elect a new leader before a server is found: who led must stop now.
                say("has no server");
            } else {
                try {
                    look();
                } catch (KeeperException.NodeExistsException | KeeperException.NoNodeException e) {
                    // Another candidate has just made the directory, or gone.
                    events.add(event);
                } catch (KeeperException.ConnectionLossException | KeeperException.SessionExpiredException e) {
                    // The event that follows says which, and has us look again.
                }
            }
        }
    }

    private void look() throws KeeperException, InterruptedException {
        String own = ownZnode();
        List<String> line = line();
        int place = line.indexOf(own);
        if (place == 0) {
            say("leads");
        } else if (place > 0) {
            // Not the leader's: all would be woken when it goes, and one of them could do anything.
            byte[] before = zooKeeper.getData(DIRECTORY + "/" + line.get(place - 1), events::add, null);
            say("follows " + new String(before, UTF_8));
        }
    }

    /** By the sequence numbers, which are the last ten digits. */
    private List<String> line() throws KeeperException, InterruptedException {
        return zooKeeper.getChildren(DIRECTORY, false).stream()
                .sorted(Comparator.comparing(znode -> znode.substring(znode.length() - 10)))
                .toList();
    }

    /** Found by the session in its name, should the answer to an earlier attempt have been lost. */
    private String ownZnode() throws KeeperException, InterruptedException {
        if (zooKeeper.exists(DIRECTORY, false) == null) {
            zooKeeper.create(DIRECTORY, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        String prefix = "n-" + Long.toHexString(zooKeeper.getSessionId()) + "-";
        for (String znode : line()) {
            if (znode.startsWith(prefix)) {
                return znode;
            }
        }
        String path = zooKeeper.create(
                DIRECTORY + "/" + prefix, name.getBytes(UTF_8), Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
        return path.substring(DIRECTORY.length() + 1);
    }
}
