package io.troupe.conformance;

import java.util.Set;
import org.apache.zookeeper.ZooDefs.OpCode;

/**
 * Where Troupe answers clients otherwise than ZooKeeper on purpose. Every one stands with its reason in {@code
 * docs/differences.md} under its name here, and a test shows that it still occurs.
 */
enum ProtocolDifference {
    /** Found where requests come in, before they are replicated. */
    REFUSED_WITHOUT_ZXID("2.1"),
    /** Who serves a session is replicated too. */
    ATTACH_SPENDS_ZXID("1.6"),
    /** The ephemerals of a closed session go in the order of their paths. */
    EVENTS_OF_CLOSING_SORTED("3.3"),
    /** A session's connection ends only for who shows its password. */
    WRONG_PASSWORD_DISCONNECTS_NOBODY("1.6"),
    /** A type of request that creates one kind of node does not create another. */
    FLAGS_OF_ANOTHER_TYPE_REFUSED("2.5"),
    /** Only the servers reap. */
    DELETE_CONTAINER_REFUSED("2.6"),
    /** A list that was set counts for the very next request. */
    ACL_COUNTS_AT_ONCE("2.1"),
    /** The steps of a multi are charged one after the other. */
    QUOTAS_EXACT_IN_MULTI("2.12"),
    /** No list follows a header with an error. */
    BAD_MULTI_READ_WITHOUT_BODY("2.9");

    private static final Set<Integer> WRITES = Set.of(
            OpCode.create,
            OpCode.create2,
            OpCode.createContainer,
            OpCode.createTTL,
            OpCode.delete,
            OpCode.setData,
            OpCode.setACL,
            OpCode.multi,
            OpCode.reconfig);

    private final String section;

    ProtocolDifference(String section) {
        this.section = section;
    }

    /** Of the contract. */
    String section() {
        return section;
    }

    /** Whether random requests come across it; the others are shown one by one, because they leave the trees different. */
    boolean isFoundByChance() {
        return this == REFUSED_WITHOUT_ZXID
                || this == ATTACH_SPENDS_ZXID
                || this == EVENTS_OF_CLOSING_SORTED
                || this == BAD_MULTI_READ_WITHOUT_BODY;
    }

    static boolean isWrite(int type) {
        return WRITES.contains(type);
    }
}
