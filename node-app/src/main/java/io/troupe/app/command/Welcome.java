package io.troupe.app.command;

import java.util.List;

/** What a user reads when a development ensemble serves. */
final class Welcome {
    private Welcome() {}

    static String text(DevEnsemble ensemble, List<DevNode> running) {
        StringBuilder text = new StringBuilder("\n");
        for (int node = 1; node <= running.size(); node++) {
            DevNode process = running.get(node - 1);
            text.append("  node %d  %-10s  127.0.0.1:%d  http://127.0.0.1:%d/  pid %d%n"
                    .formatted(
                            node,
                            process.mode().orElse("-"),
                            ensemble.clientPort(node),
                            ensemble.httpPort(node),
                            process.pid()));
        }
        return text.append("""

                          Connect string:  %1$s
                          Data:            %2$s

                          Try it with any ZooKeeper client, for example
                            zkCli.sh -server %1$s
                            python3 -c 'from kazoo.client import KazooClient as C; c = C("%1$s"); c.start(); \
                        print(c.create("/hello", b"world", makepath=True))'

                          Kill a node (kill -9 PID) and go on working. Ctrl-C stops all.
                        """.formatted(
                        ensemble.connectString(),
                        ensemble.directory(1).toAbsolutePath().normalize().getParent()))
                .toString();
    }
}
