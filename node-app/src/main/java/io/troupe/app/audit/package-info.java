/** The audit log: who did what, when, and what came of it. */
@NullMarked
package io.troupe.app.audit;

import org.jspecify.annotations.NullMarked;
