/** What much of everything costs the servers, and that it takes nothing from anybody else (docs/resources.md). */
@NullMarked
package io.troupe.resources;

import org.jspecify.annotations.NullMarked;
