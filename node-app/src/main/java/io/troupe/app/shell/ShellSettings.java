package io.troupe.app.shell;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a shell is run.
 *
 * @param server where to connect: {@code host:port,...}, with a path behind it that becomes the root if wished
 * @param timeoutMillis of the session; a command waits as long for a connection
 * @param readOnly whether a server that has lost its quorum will do
 * @param clientConfiguration properties of ZooKeeper's client, for TLS and SASL
 * @param json one JSON object per result
 * @param keepGoing whether lines behind a command that failed are run
 * @param terminal whether somebody sits in front of it
 * @param colours whether the terminal may be sent colours
 * @param historyFile where what was typed is kept from one shell to the next
 */
public record ShellSettings(
        String server,
        int timeoutMillis,
        boolean readOnly,
        @Nullable Path clientConfiguration,
        boolean json,
        boolean keepGoing,
        boolean terminal,
        boolean colours,
        Path historyFile) {}
