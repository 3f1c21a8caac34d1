package io.troupe.ensemble;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A member as ZooKeeper's tools write it (contract 6.5): {@code
 * server.N=host:peerPort:electionPort[:participant|:observer];[clientHost:]clientPort}. The first port is the peer port; nothing
 * listens on the second.
 */
public final class MemberLine {
    private static final String HOST = "(\\[[^\\]]+\\]|[^:;|\\[\\]=]+)";
    private static final Pattern LINE = Pattern.compile("server\\.(\\d{1,3})=" + HOST
            + ":(\\d{1,5}):(\\d{1,5})(?::((?i:participant|observer)))?;(?:" + HOST + ":)?(\\d{1,5})");
    private static final String ANY_HOST = "0.0.0.0";

    private MemberLine() {}

    /**
     * Reads a line; the disk is not known from it.
     *
     * @throws IllegalArgumentException when the text is no member, or has no client port
     */
    public static Member parse(String text) {
        Matcher parts = LINE.matcher(text.replace(" ", ""));
        if (!parts.matches()) {
            throw new IllegalArgumentException("\"" + text
                    + "\" is no member; write server.N=host:port:port[:participant|:observer];[host:]clientPort");
        }
        int peerPort = port(parts.group(3), text);
        int electionPort = port(parts.group(4), text);
        if (peerPort == electionPort) {
            throw new IllegalArgumentException("\"" + text + "\" names one port twice");
        }
        return new Member(
                Integer.parseInt(parts.group(1)),
                !"observer".equalsIgnoreCase(parts.group(5)),
                parts.group(2),
                peerPort,
                electionPort,
                parts.group(6) == null ? ANY_HOST : bare(parts.group(6)),
                port(parts.group(7), text),
                0);
    }

    private static int port(String digits, String text) {
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("\"" + text + "\" has a port outside 1..65535");
        }
        return port;
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
