/** The hot pieces of the code, each alone. {@link io.troupe.bench.jmh.JmhMain} is the tool; nothing here runs in the build. */
@NullMarked
package io.troupe.bench.jmh;

import org.jspecify.annotations.NullMarked;
