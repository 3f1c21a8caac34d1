package io.troupe.app.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a configuration, {@code server.1=host:port:port:participant;host:port}.
 *
 * @param id of the server
 * @param role {@code participant} or {@code observer}
 * @param peers where the other servers reach it; several addresses are separated by a bar
 * @param clients where clients reach it; empty where nobody was told
 */
record Member(String id, String role, String peers, String clients) {
    private static final Pattern LINE =
            Pattern.compile("server\\.(\\d+)=(.*?)(?::(participant|observer))?(?:;(.*))?", Pattern.CASE_INSENSITIVE);

    /** Those of a configuration; its other lines are passed over. */
    static List<Member> of(String configuration) {
        List<Member> members = new ArrayList<>();
        configuration.lines().map(String::strip).forEach(line -> {
            Matcher found = LINE.matcher(line);
            if (found.matches()) {
                members.add(new Member(
                        found.group(1),
                        found.group(3) == null ? "participant" : found.group(3),
                        found.group(2),
                        found.group(4) == null ? "" : found.group(4)));
            }
        });
        return members;
    }

    static List<String> lines(List<Member> members) {
        Table table = new Table().numbers("ID").texts("ROLE").texts("PEERS").texts("CLIENTS");
        members.forEach(member -> table.row(member.id, member.role, member.peers, member.clients));
        return table.lines();
    }

    static List<Map<String, Object>> json(List<Member> members) {
        return members.stream().map(Member::fields).toList();
    }

    private Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", Long.parseLong(id));
        fields.put("role", role);
        fields.put("peers", peers);
        fields.put("clients", clients);
        return fields;
    }
}
