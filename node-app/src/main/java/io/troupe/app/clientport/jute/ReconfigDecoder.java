package io.troupe.app.clientport.jute;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.MemberLine;
import io.troupe.request.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.zookeeper.proto.ReconfigRequest;
import org.jspecify.annotations.Nullable;

/** A client's wish for other members (contract 2.10). What cannot be read is refused by the leader, in its turn. */
final class ReconfigDecoder {
    private ReconfigDecoder() {}

    static Operation decode(BinaryInputArchive in) throws IOException {
        ReconfigRequest r = RequestDecoder.read(in, new ReconfigRequest());
        try {
            String all = r.getNewMembers();
            return new Operation.Reconfigure(
                    members(r.getJoiningServers(), ","),
                    ids(r.getLeavingServers()),
                    all == null ? null : members(all, "[,\n]"),
                    r.getCurConfigId(),
                    true);
        } catch (IllegalArgumentException unreadable) {
            return new Operation.Reconfigure(List.of(), List.of(), null, r.getCurConfigId(), false);
        }
    }

    private static List<Member> members(@Nullable String text, String separator) {
        List<Member> members = new ArrayList<>();
        for (String line : parts(text, separator)) {
            if (!line.startsWith("version=")) {
                members.add(MemberLine.parse(line));
            }
        }
        return members;
    }

    private static List<Integer> ids(@Nullable String text) {
        return parts(text, ",").stream().map(Integer::valueOf).toList();
    }

    private static List<String> parts(@Nullable String text, String separator) {
        if (text == null) {
            return List.of();
        }
        List<String> parts = new ArrayList<>();
        for (String part : text.split(separator, -1)) {
            if (!part.isBlank()) {
                parts.add(part.strip());
            }
        }
        return parts;
    }
}
