/** What clients did and saw, and whether a correct coordinator could have let them see it. */
@NullMarked
package io.troupe.model;

import org.jspecify.annotations.NullMarked;
