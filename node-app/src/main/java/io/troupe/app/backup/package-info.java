/** Backups of a live ensemble: taken and put back over HTTP, compared with what is there, made the beginning of a new one. */
@NullMarked
package io.troupe.app.backup;

import org.jspecify.annotations.NullMarked;
