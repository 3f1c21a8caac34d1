/** A coordinator's classic uses, each a program of less than a hundred lines; README.md of the module says how to start them. */
@NullMarked
package io.troupe.examples;

import org.jspecify.annotations.NullMarked;
