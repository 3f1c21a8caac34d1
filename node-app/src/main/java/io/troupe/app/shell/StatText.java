package io.troupe.app.shell;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.zookeeper.data.Stat;

/** A {@link Stat} as ZooKeeper's command line prints it, and as JSON. */
final class StatText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.US)
            .withZone(ZoneId.systemDefault());

    private StatText() {}

    static List<String> lines(Stat stat) {
        return List.of(
                "cZxid = 0x" + Long.toHexString(stat.getCzxid()),
                "ctime = " + TIME.format(Instant.ofEpochMilli(stat.getCtime())),
                "mZxid = 0x" + Long.toHexString(stat.getMzxid()),
                "mtime = " + TIME.format(Instant.ofEpochMilli(stat.getMtime())),
                "pZxid = 0x" + Long.toHexString(stat.getPzxid()),
                "cversion = " + stat.getCversion(),
                "dataVersion = " + stat.getVersion(),
                "aclVersion = " + stat.getAversion(),
                "ephemeralOwner = 0x" + Long.toHexString(stat.getEphemeralOwner()),
                "dataLength = " + stat.getDataLength(),
                "numChildren = " + stat.getNumChildren());
    }

    static Map<String, Object> json(Stat stat) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("cZxid", "0x" + Long.toHexString(stat.getCzxid()));
        fields.put("ctime", Instant.ofEpochMilli(stat.getCtime()).toString());
        fields.put("mZxid", "0x" + Long.toHexString(stat.getMzxid()));
        fields.put("mtime", Instant.ofEpochMilli(stat.getMtime()).toString());
        fields.put("pZxid", "0x" + Long.toHexString(stat.getPzxid()));
        fields.put("cversion", stat.getCversion());
        fields.put("dataVersion", stat.getVersion());
        fields.put("aclVersion", stat.getAversion());
        fields.put("ephemeralOwner", "0x" + Long.toHexString(stat.getEphemeralOwner()));
        fields.put("dataLength", stat.getDataLength());
        fields.put("numChildren", stat.getNumChildren());
        return fields;
    }
}
