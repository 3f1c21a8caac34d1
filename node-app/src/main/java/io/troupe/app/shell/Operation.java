package io.troupe.app.shell;

import org.apache.zookeeper.KeeperException;

/** What one command does, once its options and arguments have been set. */
interface Operation {
    void run(ShellContext shell) throws KeeperException, InterruptedException, CommandException;
}
