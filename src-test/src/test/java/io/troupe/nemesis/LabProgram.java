package io.troupe.nemesis;

import io.troupe.process.ServerAddress;
import io.troupe.process.ServerProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A server program that runs in the namespace of its server. */
public record LabProgram(ServerProgram program, NetworkLab lab) implements ServerProgram {
    @Override
    public Launch prepare(List<ServerAddress> ensemble, ServerAddress self) throws IOException {
        var launch = program.prepare(ensemble, self);
        var command = new ArrayList<>(NetworkLab.inside(lab.server(self.id())));
        command.addAll(launch.command());
        return new Launch(command, launch.environment(), launch.workingDirectory());
    }

    @Override
    public boolean isTroupe() {
        return program.isTroupe();
    }
}
