package io.troupe.log;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.env.DamagedFileException;
import io.troupe.env.Disk;
import io.troupe.env.NewerFormatException;
import io.troupe.env.TwinFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link NodeMeta} as a small text file with two copies: an operator can read it, a torn write cannot be mistaken. */
final class MetaFile {
    private static final String NAME = "node.meta";
    /** 1 had one copy. */
    private static final int FORMAT = 2;

    private static final String MEMBER = "member.";

    private final TwinFile file;

    MetaFile(Disk disk) {
        this.file = new TwinFile(disk, NAME);
    }

    /** What stands there, null in a directory never used. */
    @Nullable
    NodeMeta read() throws IOException {
        Optional<String> stands = stands();
        if (stands.isEmpty()) {
            return null;
        }
        Map<String, String> values = new LinkedHashMap<>();
        stands.get().lines().filter(l -> l.contains("=")).forEach(line -> {
            int equals = line.indexOf('=');
            values.put(line.substring(0, equals), line.substring(equals + 1));
        });
        try {
            return parse(values);
        } catch (IllegalArgumentException e) {
            throw new IOException(NAME + " cannot be understood: " + e.getMessage(), e);
        }
    }

    private Optional<String> stands() throws IOException {
        try {
            return file.read();
        } catch (DamagedFileException e) {
            throw new IOException(
                    e.getMessage()
                            + ". Without it the node does not know what it has promised; move the data directory away"
                            + " and let the node join anew",
                    e);
        }
    }

    private static NodeMeta parse(Map<String, String> values) throws NewerFormatException {
        int format = (int) number(values, "format");
        if (format > FORMAT) {
            throw new NewerFormatException(NAME, format, FORMAT);
        }
        List<Member> members = new ArrayList<>();
        values.forEach((key, value) -> {
            if (key.startsWith(MEMBER)) {
                String[] f = value.split(" ", -1);
                members.add(new Member(
                        Integer.parseInt(key.substring(MEMBER.length())),
                        f[0].equals("voter"),
                        f[1],
                        Integer.parseInt(f[2]),
                        Integer.parseInt(f[3]),
                        f[4],
                        Integer.parseInt(f[5]),
                        Long.parseUnsignedLong(f[6], 16)));
            }
        });
        String ensemble = values.get("ensemble");
        return new NodeMeta(
                (int) number(values, "node"),
                Long.parseUnsignedLong(text(values, "disk"), 16),
                number(values, "incarnation"),
                number(values, "accepted-epoch"),
                number(values, "current-epoch"),
                ensemble == null ? null : new Membership(ensemble, number(values, "membership"), members, null));
    }

    private static long number(Map<String, String> values, String key) {
        return Long.parseLong(text(values, key));
    }

    private static String text(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("there is no line " + key + "=");
        }
        return value;
    }

    /** Replaces what stands there; durable on return. */
    void write(NodeMeta meta) throws IOException {
        StringBuilder text = new StringBuilder("# What this node must not forget. Never edit or copy.\n");
        text.append("format=").append(FORMAT).append('\n');
        text.append("node=").append(meta.nodeId()).append('\n');
        text.append("disk=").append(Long.toHexString(meta.diskId())).append('\n');
        text.append("incarnation=").append(meta.incarnation()).append('\n');
        text.append("accepted-epoch=").append(meta.acceptedEpoch()).append('\n');
        text.append("current-epoch=").append(meta.currentEpoch()).append('\n');
        Membership founding = meta.founding();
        if (founding != null) {
            text.append("ensemble=").append(founding.ensembleId()).append('\n');
            text.append("membership=").append(founding.version()).append('\n');
            for (Member m : founding.members()) {
                text.append("member.%d=%s %s %d %d %s %d %x\n"
                        .formatted(
                                m.nodeId(),
                                m.voter() ? "voter" : "observer",
                                m.host(),
                                m.peerPort(),
                                m.electionPort(),
                                m.clientHost(),
                                m.clientPort(),
                                m.diskId()));
            }
        }
        file.write(text.toString());
    }

    /** As soon as there is time for it: see {@link TwinFile#writeTwin}. */
    void writeTwin() throws IOException {
        file.writeTwin();
    }
}
