package io.troupe.client;

import io.troupe.request.Stat;

/** A new znode: its path, with the number of a sequential one, and its history. {@code stat.czxid()} is a fencing token. */
public record Created(String path, Stat stat) {}
