package io.troupe.app.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/** ACLs as they are typed, {@code scheme:id:perms,...}, and as they are printed. */
final class AclText {
    private static final String REMEDY =
            "write scheme:id:perms,... with perms out of c, d, r, w and a, world:anyone:cdrwa say";

    /** Subjects of certificates have commas too. */
    private static final Pattern BEHIND_PERMISSIONS = Pattern.compile("(?<=:[cdrwa]{0,5}),");

    private AclText() {}

    static List<ACL> parse(String text) throws CommandException {
        List<ACL> acl = new ArrayList<>();
        // An empty entry is a mistake as any other, also at the end.
        for (String entry : BEHIND_PERMISSIONS.split(text, -1)) {
            int first = entry.indexOf(':');
            int last = entry.lastIndexOf(':');
            if (first < 0 || first == last) {
                throw CommandException.usage("'" + entry + "' does not have the form scheme:id:perm", REMEDY);
            }
            acl.add(new ACL(
                    perms(entry.substring(last + 1)),
                    new Id(entry.substring(0, first), entry.substring(first + 1, last))));
        }
        return acl;
    }

    private static int perms(String letters) throws CommandException {
        int perms = 0;
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            perms |= switch (letter) {
                case 'c' -> Perms.CREATE;
                case 'd' -> Perms.DELETE;
                case 'r' -> Perms.READ;
                case 'w' -> Perms.WRITE;
                case 'a' -> Perms.ADMIN;
                default -> throw CommandException.usage("Unknown perm type: " + letter, REMEDY);
            };
        }
        return perms;
    }

    static List<String> lines(List<ACL> acl) {
        List<String> lines = new ArrayList<>();
        for (ACL entry : acl) {
            lines.add("'" + entry.getId().getScheme() + ",'" + entry.getId().getId());
            lines.add(": " + ZKUtil.getPermString(entry.getPerms()));
        }
        return lines;
    }

    static List<Map<String, String>> json(List<ACL> acl) {
        List<Map<String, String>> entries = new ArrayList<>();
        for (ACL entry : acl) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("scheme", entry.getId().getScheme());
            fields.put("id", entry.getId().getId());
            fields.put("perms", ZKUtil.getPermString(entry.getPerms()));
            entries.add(fields);
        }
        return entries;
    }
}
