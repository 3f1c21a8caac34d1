/** From the operator's file and system properties to settings. */
@NullMarked
package io.troupe.app.config;

import org.jspecify.annotations.NullMarked;
