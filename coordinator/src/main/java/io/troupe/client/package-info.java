/**
 * Troupe for Akka applications: {@link io.troupe.client.CoordinatorClient} opens a {@link io.troupe.client.Session} with an
 * ensemble by the addresses of its nodes; what is done there is what ZooKeeper's clients see, and back.
 */
@NullMarked
package io.troupe.client;

import org.jspecify.annotations.NullMarked;
