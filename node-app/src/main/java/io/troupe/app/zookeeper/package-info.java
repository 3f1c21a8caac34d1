/**
 * ZooKeeper's own files (contract section 8): its snapshots and transaction logs read into a tree, and a tree written as a
 * snapshot that ZooKeeper starts from. Records are those of its own library; what a transaction does to the tree is written here.
 */
@NullMarked
package io.troupe.app.zookeeper;

import org.jspecify.annotations.NullMarked;
