package io.troupe.client;

import io.troupe.request.Stat;
import java.util.List;

/** The names of a znode's children, in no order, and its history. */
public record Children(List<String> names, Stat stat) {
    public Children {
        names = List.copyOf(names);
    }
}
