package io.troupe.akka;

import io.troupe.client.ZnodeData;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Where a lease is and what is written there.
 *
 * @param directory of all leases
 * @param name of the znode
 * @param owner who is to hold it
 */
record LeaseZnode(String directory, String name, String owner) {
    LeaseZnode {
        if (!directory.matches("(/[^/]+)+")) {
            throw new IllegalArgumentException(
                    "the leases' path is \"" + directory + "\"; it must be like /akka/leases");
        }
    }

    /** Names of leases are of any letters, a singleton's has the path of its actor; names of znodes have no slash and are not dots. */
    static LeaseZnode of(String directory, String lease, String owner) {
        if (lease.isEmpty()) {
            throw new IllegalArgumentException("a lease without a name");
        }
        String name = URLEncoder.encode(lease, StandardCharsets.UTF_8);
        return new LeaseZnode(directory, name.matches("\\.\\.?") ? name.replace(".", "%2E") : name, owner);
    }

    String path() {
        return directory + "/" + name;
    }

    byte[] data() {
        return owner.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether it is there for this owner in this session: neither another owner of the same process, nor the same before a restart. */
    boolean isOurs(ZnodeData found, long session) {
        return found.stat().ephemeralOwner() == session && found.text().equals(owner);
    }
}
