package io.troupe.app.console;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tells who sent a request, and on whose behalf; headers are null where there is none.
 *
 * @param peer the other end of the connection
 * @param encrypted whether nobody on the way can read it
 * @param safe whether its method changes nothing by definition: GET and HEAD
 * @param host header that names the server
 * @param origin header of the page that a browser acts for
 * @param fetchSite header {@code Sec-Fetch-Site} of the same
 * @param forwarded whether a proxy says that it asks for somebody else
 * @param authorization header with the credentials
 * @param certificates the verified chain that the other end has shown, its own first; empty for none
 */
record Incoming(
        InetAddress peer,
        boolean encrypted,
        boolean safe,
        @Nullable String host,
        @Nullable String origin,
        @Nullable String fetchSite,
        boolean forwarded,
        @Nullable String authorization,
        List<X509Certificate> certificates) {
    /** Whether it comes from this host, to a name of this host: the page of a stranger who had his name point here has another. */
    boolean fromHere() {
        return peer.isLoopbackAddress() && !forwarded && host != null && namesLoopback(hostWithoutPort(host));
    }

    /** Whether a browser sends it for a page that is not one of ours. */
    boolean crossSite() {
        if (fetchSite != null && !fetchSite.equals("same-origin") && !fetchSite.equals("none")) {
            return true;
        }
        return origin != null
                && (host == null || !origin.replaceFirst("^https?://", "").equalsIgnoreCase(host));
    }

    private static String hostWithoutPort(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static boolean namesLoopback(String name) {
        return name.equalsIgnoreCase("localhost")
                || name.equals("::1")
                || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }
}
