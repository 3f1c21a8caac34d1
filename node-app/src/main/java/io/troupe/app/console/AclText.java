package io.troupe.app.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Access control lists as JSON: {@code [{"scheme": "world", "id": "anyone", "permissions": "cdrwa"}]}. */
final class AclText {
    /** The letters in the order in which ZooKeeper's tools write them. */
    private static final Map<Character, Integer> LETTERS = letters();

    private AclText() {}

    private static Map<Character, Integer> letters() {
        Map<Character, Integer> letters = new LinkedHashMap<>();
        letters.put('c', Acl.CREATE);
        letters.put('d', Acl.DELETE);
        letters.put('r', Acl.READ);
        letters.put('w', Acl.WRITE);
        letters.put('a', Acl.ADMIN);
        return letters;
    }

    static List<Map<String, Object>> of(List<Acl> acl) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Acl entry : acl) {
            StringBuilder permissions = new StringBuilder();
            LETTERS.forEach((letter, bit) -> {
                if ((entry.perms() & bit) != 0) {
                    permissions.append(letter.charValue());
                }
            });
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("scheme", entry.who().scheme());
            fields.put("id", entry.who().id());
            fields.put("permissions", permissions.toString());
            entries.add(fields);
        }
        return entries;
    }

    /** As written; what the entries come to is not looked at yet. */
    static List<Acl> read(JsonNode written) {
        if (!written.isArray() || written.isEmpty()) {
            throw Problem.badRequest(
                    "acl: write a list, [{\"scheme\": \"world\", \"id\": \"anyone\", \"permissions\": \"cdrwa\"}]");
        }
        List<Acl> acl = new ArrayList<>();
        for (JsonNode entry : written) {
            JsonNode scheme = entry.path("scheme");
            JsonNode permissions = entry.path("permissions");
            if (!scheme.isTextual() || !permissions.isTextual()) {
                throw Problem.badRequest("acl: each entry needs \"scheme\", \"id\" and \"permissions\"");
            }
            acl.add(new Acl(
                    bits(permissions.textValue()),
                    new Identity(scheme.textValue(), entry.path("id").asText(""))));
        }
        return acl;
    }

    private static int bits(String permissions) {
        int bits = 0;
        for (int i = 0; i < permissions.length(); i++) {
            Integer bit = LETTERS.get(permissions.charAt(i));
            if (bit == null) {
                throw Problem.badRequest("acl: \"" + Exchange.printable(permissions)
                        + "\" are no permissions; write some of the letters cdrwa: create, delete, read, write, admin");
            }
            bits |= bit;
        }
        return bits;
    }
}
