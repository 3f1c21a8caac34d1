package io.troupe.request;

/** What a client sees of a znode's history (contract 2.4; the field order is the wire order). Times in milliseconds. */
public record Stat(
        long czxid,
        long mzxid,
        long ctime,
        long mtime,
        int version,
        int cversion,
        int aversion,
        long ephemeralOwner,
        int dataLength,
        int numChildren,
        long pzxid) {}
