package io.troupe.recipes;

import akka.util.ByteString;

/**
 * One of a {@link Group}.
 *
 * @param id the name of its znode
 * @param data what it tells of itself
 * @param token a fencing token, greater each time that somebody joins
 */
public record Member(String id, ByteString data, long token) {}
