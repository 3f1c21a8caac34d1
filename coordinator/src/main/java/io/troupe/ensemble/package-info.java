/** Vocabulary of the protocol: node ids, zxids, voters and quorums. Pure values, no I/O. */
@NullMarked
package io.troupe.ensemble;

import org.jspecify.annotations.NullMarked;
