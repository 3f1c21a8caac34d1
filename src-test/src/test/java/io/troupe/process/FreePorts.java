package io.troupe.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Chooses listening ports below the range from which the kernel takes the local ports of outgoing connections: a port
 * from that range could be taken by a reconnecting client while its server is down, and the server would not come back.
 */
public final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;

    /** Ports already given to a server of this JVM, which may be down at the moment. */
    private static final Set<Integer> CHOSEN = ConcurrentHashMap.newKeySet();

    /** Of the JVMs that run tests of one build at the same time, each takes every so many-th port (Maven Surefire numbers them). */
    private static final int JVMS = 8;

    private static final int PER_JVM = (HIGHEST - LOWEST) / JVMS;
    private static final int THIS_JVM = Integer.getInteger("surefire.forkNumber", 0) % JVMS;

    private FreePorts() {}

    /** Free ports of the loopback interface that no later call answers again. */
    public static List<Integer> choose(int count) {
        var ports = new ArrayList<Integer>();
        // Tests of several builds on one host start at different places.
        var start = (int) (ProcessHandle.current().pid() * 97 % PER_JVM);
        for (var tried = 0; ports.size() < count && tried < PER_JVM; tried++) {
            var candidate = LOWEST + (start + tried) % PER_JVM * JVMS + THIS_JVM;
            if (!CHOSEN.contains(candidate) && isFree(candidate) && CHOSEN.add(candidate)) {
                ports.add(candidate);
            }
        }
        if (ports.size() < count) {
            throw new IllegalStateException(
                    "fewer than " + count + " free ports between " + LOWEST + " and " + HIGHEST);
        }
        return ports;
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
