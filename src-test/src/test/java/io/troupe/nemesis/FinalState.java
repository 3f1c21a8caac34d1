package io.troupe.nemesis;

import java.util.Map;

/**
 * What a client that synced after the last operation of a window has read.
 *
 * @param registers by path
 * @param nodes data of the sequential nodes, by path
 */
record FinalState(Map<String, Register> registers, Map<String, String> nodes) {
    FinalState {
        registers = Map.copyOf(registers);
        nodes = Map.copyOf(nodes);
    }

    /**
     * A register as read.
     *
     * @param value its data
     * @param version of the data
     * @param zxid of the last change
     */
    record Register(String value, int version, long zxid) {}
}
