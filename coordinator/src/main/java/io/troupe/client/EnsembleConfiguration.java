package io.troupe.client;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.MemberLine;
import java.util.ArrayList;
import java.util.List;

/**
 * Who belongs to the ensemble.
 *
 * @param version of this configuration, higher than of all before; 0 for that of the beginning
 * @param members voters and observers, none where one node has been alone from the beginning; their disks are not told
 */
public record EnsembleConfiguration(long version, List<Member> members) {
    /** The znode that shows it; it can be watched as any. */
    public static final String PATH = "/zookeeper/config";

    private static final String VERSION = "version=";
    private static final int HEXADECIMAL = 16;

    public EnsembleConfiguration {
        members = List.copyOf(members);
    }

    /**
     * What the data of {@link #PATH} say.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static EnsembleConfiguration parse(String text) {
        List<Member> members = new ArrayList<>();
        long version = 0;
        for (String line : text.split("\n", -1)) {
            if (line.startsWith(VERSION)) {
                version = Long.parseLong(line.substring(VERSION.length()), HEXADECIMAL);
            } else if (!line.isBlank()) {
                members.add(MemberLine.parse(line));
            }
        }
        return new EnsembleConfiguration(version, members);
    }
}
