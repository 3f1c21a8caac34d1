/**
 * The rules of every replicated operation, one class each. {@code Executor} runs requests in zxid order: it computes on a
 * draft, then applies the draft. Pure and deterministic: nothing but the tree and the request decides an outcome.
 */
@NullMarked
package io.troupe.tree.execute;

import org.jspecify.annotations.NullMarked;
