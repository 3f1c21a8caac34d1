package io.troupe.client;

import io.troupe.request.Acl;
import io.troupe.request.Stat;
import java.util.List;

/** Who may do what with a znode, and its history; {@code stat.aversion()} counts changes of the list. */
public record AccessList(List<Acl> entries, Stat stat) {
    public AccessList {
        entries = List.copyOf(entries);
    }
}
