package io.troupe.app.clientport.jute;

import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.Nullable;

/** Takes Troupe's values out of ZooKeeper's records, where anything may be null. */
final class Records {
    private Records() {}

    static String text(@Nullable String text) throws MalformedFrameException {
        if (text == null) {
            throw new MalformedFrameException("sent no text where one is required");
        }
        return text;
    }

    static String textOrEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    static List<String> texts(@Nullable List<String> list) throws MalformedFrameException {
        if (list == null) {
            return List.of();
        }
        for (String text : list) {
            text(text);
        }
        return List.copyOf(list);
    }

    /** The entries; empty, which no operation accepts, when the list or a part of an entry is missing. */
    static List<Acl> acl(@Nullable List<ACL> list) {
        if (list == null) {
            return List.of();
        }
        List<Acl> entries = new ArrayList<>(list.size());
        for (ACL entry : list) {
            @Nullable Id id = entry.getId();
            @Nullable String scheme = id == null ? null : id.getScheme();
            @Nullable String name = id == null ? null : id.getId();
            if (scheme == null || name == null) {
                return List.of();
            }
            entries.add(new Acl(entry.getPerms(), new Identity(scheme, name)));
        }
        return entries;
    }
}
