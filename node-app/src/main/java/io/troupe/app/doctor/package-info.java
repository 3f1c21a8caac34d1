/** What may be wrong with a node's host, configuration and neighbours, found before it hurts. */
@NullMarked
package io.troupe.app.doctor;

import org.jspecify.annotations.NullMarked;
