/** ZooKeeper's records read from and written to Netty buffers; ZooKeeper's types and bytes stop here. */
@NullMarked
package io.troupe.app.clientport.jute;

import org.jspecify.annotations.NullMarked;
