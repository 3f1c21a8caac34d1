/** What may depend on what, and what no class may do, as tests. */
@NullMarked
package io.troupe.architecture;

import org.jspecify.annotations.NullMarked;
