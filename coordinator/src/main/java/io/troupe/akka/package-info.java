/**
 * Akka's own extension points, on an ensemble: {@link io.troupe.akka.TroupeLease}, by which its split brain resolver, singletons and shards
 * have one arbiter, and {@link io.troupe.akka.TroupeServiceDiscovery}. Both are named in an application's configuration, and made by Akka.
 */
@NullMarked
package io.troupe.akka;

import org.jspecify.annotations.NullMarked;
