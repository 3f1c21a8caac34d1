package io.troupe.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Troupe as docs/security.md has it: everything as shipped but for a secret of the nodes, and clients who must prove who they are. HTTP is
 * at the number that ZooKeeper has for elections.
 */
record SecuredProgram(Path distribution, Tuning tuning) implements ServerProgram {
    @Override
    public Launch prepare(List<ServerAddress> ensemble, ServerAddress self) throws IOException {
        Path secret = Files.writeString(self.home().resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        Path configuration = Files.writeString(self.home().resolve("application.conf"), """
                akka.cluster.seed-nodes = ["akka://troupe@%s:%d"]
                troupe {
                  host = "%s"
                  client-port = %d
                  peer-port = %d
                  http.port = %d
                  data-dir = "%s"
                  peer-tls.secret-file = "%s"
                  required-auth-schemes = "digest"
                }
                """.formatted(
                        self.host(),
                        self.peerPort(),
                        self.host(),
                        self.clientPort(),
                        self.peerPort(),
                        self.electionPort(),
                        self.dataDirectory(),
                        secret));
        return TroupeProgram.launch(distribution, tuning.jvmOptions(), configuration, self);
    }

    @Override
    public boolean isTroupe() {
        return true;
    }
}
