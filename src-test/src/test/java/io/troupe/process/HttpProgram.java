package io.troupe.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Troupe with its HTTP port, at the number that ZooKeeper has for elections. */
record HttpProgram(TroupeProgram troupe, String host, List<String> users) implements ServerProgram {
    @Override
    public Launch prepare(List<ServerAddress> ensemble, ServerAddress self) throws IOException {
        var launch = troupe.prepare(ensemble, self);
        Path configuration = self.home().resolve("application.conf");
        var quoted = users.stream().map(user -> "\"" + user + "\"").toList();
        Files.writeString(
                configuration,
                "troupe.http { host = \"" + host + "\", port = " + self.electionPort() + ", users = " + quoted + " }\n",
                StandardOpenOption.APPEND);
        return launch;
    }

    @Override
    public boolean isTroupe() {
        return true;
    }
}
