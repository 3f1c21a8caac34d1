/** What tests need of the leases beyond what applications do. */
@NullMarked
package io.troupe.akka;

import org.jspecify.annotations.NullMarked;
