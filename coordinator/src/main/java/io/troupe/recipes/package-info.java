/**
 * What clusters are coordinated with: {@link io.troupe.recipes.Recipes} makes locks, elections and their like in a {@link
 * io.troupe.client.Session}, in the layouts of Apache Curator, so that its clients contend for the same ones.
 */
@NullMarked
package io.troupe.recipes;

import org.jspecify.annotations.NullMarked;
