package io.troupe.app.config;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ZooKeeper's keys of TLS that are more than a value of one of ours (contract 6.2, 6.4). */
final class TlsKeys {
    private static final Logger LOG = LoggerFactory.getLogger(TlsKeys.class);
    private static final List<String> STORES = List.of("key", "trust");
    private static final Sides CLIENTS = new Sides("ssl.", "troupe.tls.");
    private static final Sides PEERS = new Sides("ssl.quorum.", "troupe.peer-tls.");

    /** What keys of one purpose begin with, ZooKeeper's and ours. */
    private record Sides(String theirs, String ours) {}

    private TlsKeys() {}

    /** Translates all of them. */
    static void translate(Written written, Translation translation) {
        for (String store : STORES) {
            password(CLIENTS, store, written, translation);
        }
        protocols(CLIENTS, written, translation);
        Entry server = written.find(Kind.PROPERTY, "ssl.hostnameVerification");
        Entry client = written.find(Kind.PROPERTY, "ssl.clientHostnameVerification");
        // The first switches off both where it is false.
        if (client != null && translation.isTrue(client) && (server == null || translation.isTrue(server))) {
            translation.set("troupe.tls.verify-client-host", true, client.shown());
        }
        Entry secure = written.find(Kind.FILE, "secureClientPort");
        Entry shared = written.find(Kind.PROPERTY, "client.portUnification");
        Entry keys = written.find(Kind.PROPERTY, "ssl.keyStore.location");
        if (secure == null && !translation.isTrue(shared) && keys != null) {
            LOG.warn("{}: of no effect without secureClientPort or client.portUnification", keys.shown());
        }
        // The only factory there is speaks TLS.
        written.find(Kind.PROPERTY, "serverCnxnFactory");
    }

    /** What protects the connections between servers; false where nothing is asked to. */
    static boolean translatePeers(Written written, Translation translation) {
        Entry quorum = written.find(Kind.PROPERTY, "sslQuorum");
        if (!translation.isTrue(quorum)) {
            return false;
        }
        if (written.find(Kind.PROPERTY, "ssl.quorum.keyStore.location") == null) {
            translation.refuse(quorum, "name the file with this server's key in ssl.quorum.keyStore.location too");
        }
        for (String store : STORES) {
            copy(store + "Store.location", store + "-store", written, translation);
            copy(store + "Store.type", store + "-store-type", written, translation);
            password(PEERS, store, written, translation);
        }
        copy("ciphersuites", "cipher-suites", written, translation);
        protocols(PEERS, written, translation);
        Entry verification = written.find(Kind.PROPERTY, "ssl.quorum.hostnameVerification");
        if (verification != null) {
            translation.set("troupe.peer-tls.verify-host", translation.isTrue(verification), verification.shown());
        }
        return true;
    }

    private static void copy(String theirs, String ours, Written written, Translation translation) {
        Entry entry = written.find(Kind.PROPERTY, PEERS.theirs() + theirs);
        if (entry != null) {
            translation.set(PEERS.ours() + ours, entry.value(), entry.shown());
        }
    }

    /** The file wins where both are written. */
    private static void password(Sides sides, String store, Written written, Translation translation) {
        Entry file = written.find(Kind.PROPERTY, sides.theirs() + store + "Store.passwordPath");
        Entry password = written.find(Kind.PROPERTY, sides.theirs() + store + "Store.password");
        String ours = sides.ours() + store + "-store-password";
        if (file != null && !file.value().isEmpty()) {
            translation.set(ours + "-file", file.value(), file.shown());
        } else if (password != null) {
            translation.set(ours, password.value(), password.shown());
        }
    }

    private static void protocols(Sides sides, Written written, Translation translation) {
        Entry one = written.find(Kind.PROPERTY, sides.theirs() + "protocol");
        Entry enabled = written.find(Kind.PROPERTY, sides.theirs() + "enabledProtocols");
        Entry inForce = enabled == null ? one : enabled;
        if (inForce != null) {
            translation.set(sides.ours() + "protocols", inForce.value(), inForce.shown());
        }
    }
}
