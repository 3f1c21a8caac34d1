package io.troupe.app.config;

import io.troupe.node.ConfigurationException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One server of ZooKeeper's ensemble description (contract 6.5): {@code server.N=host:peerPort:electionPort[:role][;[clientHost:]clientPort]}.
 * The first port becomes the peer port; nothing listens on the second.
 *
 * @param entry the line
 * @param host with brackets if it is an IPv6 address, as everywhere where a port may follow
 * @param electionPort 0 when the line has none
 * @param clientHost without brackets; null when the line has none
 * @param clientPort 0 when the line has none
 */
record ServerLine(
        Entry entry,
        int id,
        String host,
        int peerPort,
        int electionPort,
        boolean observer,
        @Nullable String clientHost,
        int clientPort) {
    private static final String HOST = "(\\[[^\\]]+\\]|[^:;|\\[\\]]+)";
    private static final Pattern LINE = Pattern.compile(HOST
            + ":(\\d{1,5})(?::(\\d{1,5}))?(?::((?i:participant|observer)))?" + "(?:;(?:" + HOST + ":)?(\\d{1,5}))?");
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "[0:0:0:0:0:0:0:0]");
    private static final int HIGHEST_ID = 254;
    private static final int HIGHEST_PORT = 65_535;

    /**
     * Reads a line.
     *
     * @throws ConfigurationException when it is none, naming the place
     */
    static ServerLine parse(Entry entry) {
        String number = entry.key().substring("server.".length());
        if (!number.matches("\\d{1,9}") || Integer.parseInt(number) < 1 || Integer.parseInt(number) > HIGHEST_ID) {
            throw refused(entry, "servers have numbers from 1 to " + HIGHEST_ID + " here, and so has myid");
        }
        String value = entry.value().replace(" ", "");
        if (value.contains("|")) {
            throw refused(entry, "a server has one address here; write one of them");
        }
        Matcher parts = LINE.matcher(value);
        if (!parts.matches()) {
            throw refused(
                    entry, "write host:port:port[:participant|:observer][;clientPort], an IPv6 address in brackets");
        }
        return new ServerLine(
                entry,
                Integer.parseInt(number),
                host(entry, parts.group(1)),
                port(entry, parts.group(2)),
                parts.group(3) == null ? 0 : port(entry, parts.group(3)),
                "observer".equalsIgnoreCase(parts.group(4)),
                parts.group(5) == null ? null : bare(parts.group(5)),
                parts.group(6) == null ? 0 : port(entry, parts.group(6)));
    }

    /** An IPv6 address is always written out, so that servers agree however their files write it. */
    private static String host(Entry entry, String written) {
        if (!written.startsWith("[")) {
            return written;
        }
        try {
            return '[' + InetAddress.getByName(written).getHostAddress() + ']';
        } catch (UnknownHostException e) {
            throw refused(entry, "write an IPv6 address into the brackets");
        }
    }

    private static int port(Entry entry, String written) {
        int port = Integer.parseInt(written);
        if (port < 1 || port > HIGHEST_PORT) {
            throw refused(entry, "ports are numbers from 1 to " + HIGHEST_PORT);
        }
        return port;
    }

    private static ConfigurationException refused(Entry entry, String remedy) {
        return new ConfigurationException(entry.shown() + ": " + remedy);
    }

    /** Whether the host is every address of a host, and so no name to reach it by. */
    boolean anyHost() {
        return WILDCARDS.contains(host);
    }

    /** This server under another name. */
    ServerLine withHost(String name) {
        return new ServerLine(entry, id, name, peerPort, electionPort, observer, clientHost, clientPort);
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
