/** What an actor system and a node say to each other so that the former can be the latter's client, and how it travels. */
@NullMarked
package io.troupe.client.protocol;

import org.jspecify.annotations.NullMarked;
