package io.troupe.app.config;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ZooKeeper's keys of TLS with clients that are more than a value of one of ours (contract 6.2, 6.4). */
final class TlsKeys {
    private static final Logger LOG = LoggerFactory.getLogger(TlsKeys.class);
    private static final List<String> STORES = List.of("key", "trust");

    private TlsKeys() {}

    /** Translates all of them. */
    static void translate(Written written, Translation translation) {
        for (String store : STORES) {
            password(store, written, translation);
        }
        protocols(written, translation);
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

    /** The file wins where both are written. */
    private static void password(String store, Written written, Translation translation) {
        Entry file = written.find(Kind.PROPERTY, "ssl." + store + "Store.passwordPath");
        Entry password = written.find(Kind.PROPERTY, "ssl." + store + "Store.password");
        String ours = "troupe.tls." + store + "-store-password";
        if (file != null && !file.value().isEmpty()) {
            translation.set(ours + "-file", file.value(), file.shown());
        } else if (password != null) {
            translation.set(ours, password.value(), password.shown());
        }
    }

    private static void protocols(Written written, Translation translation) {
        Entry one = written.find(Kind.PROPERTY, "ssl.protocol");
        Entry enabled = written.find(Kind.PROPERTY, "ssl.enabledProtocols");
        Entry inForce = enabled == null ? one : enabled;
        if (inForce != null) {
            translation.set("troupe.tls.protocols", inForce.value(), inForce.shown());
        }
    }
}
