package io.troupe.app.config;

import io.troupe.node.ConfigurationException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The name of this host for a server whose own line says {@code 0.0.0.0}, as is common in containers. The other servers call
 * it by a name that only their files hold; it is taken to be of the kind that they are called by here: an address, a host
 * name, or a host name with its domain.
 */
final class OwnName {
    private OwnName() {}

    /**
     * This host's name.
     *
     * @param others the hosts of the other servers, IPv6 addresses in brackets
     * @throws ConfigurationException when there is none
     */
    static String amongst(List<String> others) {
        String first = others.get(0);
        try {
            if (isAddress(first)) {
                return addressFacing(first);
            }
            InetAddress local = InetAddress.getLocalHost();
            return first.contains(".") ? local.getCanonicalHostName() : withoutDomain(local.getHostName());
        } catch (IOException e) {
            throw new ConfigurationException(
                    "this host's name cannot be found out (" + e.getMessage() + "); give it as -Dtroupe.host=NAME");
        }
    }

    private static boolean isAddress(String host) {
        return host.startsWith("[") || host.matches("[0-9.]+");
    }

    private static String addressFacing(String other) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Sends nothing, but has the system choose the way there.
            socket.connect(new InetSocketAddress(InetAddress.getByName(other), 9));
            InetAddress own = socket.getLocalAddress();
            String address = own.getHostAddress().replaceFirst("%.*", "");
            return own instanceof Inet6Address ? "[" + address + "]" : address;
        }
    }

    private static String withoutDomain(String name) {
        return name.replaceFirst("\\..*", "");
    }
}
