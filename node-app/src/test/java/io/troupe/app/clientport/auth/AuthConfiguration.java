package io.troupe.app.clientport.auth;

import com.typesafe.config.ConfigFactory;
import io.troupe.node.AuthSettings;
import io.troupe.node.NodeSettingsReader;

/** Settings as an operator writes them. */
public final class AuthConfiguration {
    private static final String NODE = "akka.cluster.seed-nodes = [\"akka://troupe@127.0.0.1:25520\"]\n";

    private AuthConfiguration() {}

    /** The settings that these lines of a configuration file make. */
    public static AuthSettings of(String... lines) {
        return NodeSettingsReader.read(ConfigFactory.parseString(NODE + String.join("\n", lines)))
                .auth();
    }
}
