/** What {@code bin/troupe} can be asked to do, one class per command. */
@NullMarked
package io.troupe.app.command;

import org.jspecify.annotations.NullMarked;
