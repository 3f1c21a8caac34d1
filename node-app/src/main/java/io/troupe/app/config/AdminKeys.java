package io.troupe.app.config;

/** ZooKeeper's keys of its AdminServer and its audit log (contract 6.4) that are more than a value of one of ours. */
final class AdminKeys {
    private static final String PORT = "troupe.http.port";

    private AdminKeys() {}

    /** Translates all of them. */
    static void translate(Written written, Translation translation) {
        Entry audit = written.find(Kind.PROPERTY, "audit.enable");
        if (audit != null) {
            translation.set("troupe.audit", translation.isTrue(audit) ? "all" : "off", audit.shown());
        }
        Entry enabled = written.find(Kind.PROPERTY, "admin.enableServer");
        Entry port = written.find(Kind.PROPERTY, "admin.serverPort");
        // Idle connections, and the path of the commands, are what ZooKeeper's are unless it is told otherwise.
        written.find(Kind.PROPERTY, "admin.idleTimeout");
        if (enabled != null && !translation.isTrue(enabled)) {
            translation.set(PORT, 0, enabled.shown());
        } else if (port != null) {
            translation.set(PORT, port.value(), port.shown());
        }
    }
}
