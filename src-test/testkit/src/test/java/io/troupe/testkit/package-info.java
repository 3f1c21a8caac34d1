/** Every call of the testkit, and what a user's test would do with it. */
@org.jspecify.annotations.NullMarked
package io.troupe.testkit;
