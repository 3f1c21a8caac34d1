/** What the node counts and measures as a page for Prometheus, by Micrometer. Nothing is done for it but when somebody looks. */
@NullMarked
package io.troupe.app.metrics;

import org.jspecify.annotations.NullMarked;
