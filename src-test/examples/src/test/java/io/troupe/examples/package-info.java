/** Starts each example as its README says, against a real ensemble, and reads what it prints. */
@org.jspecify.annotations.NullMarked
package io.troupe.examples;
