package io.troupe.app.config;

import io.troupe.node.ConfigurationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One server of ZooKeeper's ensemble description (contract 6.5): {@code server.N=host:peerPort:electionPort[:role][;[clientHost:]clientPort]}.
 * The first port becomes the peer port; nothing listens on the second.
 *
 * @param clientHost without brackets; null when the line has none
 * @param clientPort 0 when the line has none
 */
record ServerLine(
        int id,
        String host,
        int peerPort,
        boolean observer,
        @Nullable String clientHost,
        int clientPort) {
    private static final String HOST = "(\\[[^\\]]+\\]|[^:;|\\[\\]]+)";
    private static final Pattern LINE = Pattern.compile(
            HOST + ":(\\d{1,5})(?::\\d{1,5})?(?::(participant|observer))?" + "(?:;(?:" + HOST + ":)?(\\d{1,5}))?");

    /**
     * Reads the value of a line.
     *
     * @throws ConfigurationException when it is none, naming the place
     */
    static ServerLine parse(Entry entry) {
        String number = entry.key().substring("server.".length());
        if (!number.matches("\\d{1,3}") || Integer.parseInt(number) < 1 || Integer.parseInt(number) > 254) {
            throw new ConfigurationException(entry.place() + ": " + entry.key() + " needs a number from 1 to 254");
        }
        Matcher parts = LINE.matcher(entry.value().replace(" ", ""));
        if (!parts.matches()) {
            throw new ConfigurationException(
                    entry.shown() + " is no server; write host:port:port[:participant][;clientPort]");
        }
        if (parts.group(1).startsWith("[")) {
            throw new ConfigurationException(
                    entry.shown() + ": peers cannot have IPv6 addresses yet; write a host name");
        }
        return new ServerLine(
                Integer.parseInt(number),
                parts.group(1),
                Integer.parseInt(parts.group(2)),
                "observer".equals(parts.group(3)),
                parts.group(4) == null ? null : bare(parts.group(4)),
                parts.group(5) == null ? 0 : Integer.parseInt(parts.group(5)));
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
