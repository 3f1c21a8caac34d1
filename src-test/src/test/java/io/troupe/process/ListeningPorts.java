package io.troupe.process;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Where a process listens, as Linux knows it. */
final class ListeningPorts {
    private static final String LISTENS = "0A";
    private static final int ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int HEXADECIMAL = 16;

    private ListeningPorts() {}

    /** The address of each port; an IPv4 address in its IPv6 form counts as itself. */
    static Map<Integer, InetAddress> of(long pid) throws IOException {
        Set<String> sockets = sockets(pid);
        Map<Integer, InetAddress> ports = new TreeMap<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "net", table))) {
                String[] columns = line.trim().split("\\s+", -1);
                if (columns[STATE].equals(LISTENS) && sockets.contains("socket:[" + columns[INODE] + "]")) {
                    String[] place = columns[ADDRESS].split(":", -1);
                    ports.put(Integer.parseInt(place[1], HEXADECIMAL), address(place[0]));
                }
            }
        }
        return ports;
    }

    private static Set<String> sockets(long pid) throws IOException {
        Set<String> found = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path each : descriptors.toList()) {
                if (Files.isSymbolicLink(each)) {
                    found.add(Files.readSymbolicLink(each).toString());
                }
            }
        }
        return found;
    }

    /** Words of four bytes each, in the order of the processor. */
    private static InetAddress address(String hex) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(hex.length() / 2).order(ByteOrder.nativeOrder());
        for (int i = 0; i < hex.length(); i += Integer.BYTES * 2) {
            bytes.putInt(Integer.parseUnsignedInt(hex.substring(i, i + Integer.BYTES * 2), HEXADECIMAL));
        }
        return InetAddress.getByAddress(bytes.array());
    }
}
