package io.troupe.node;

import java.util.List;

/** A configuration that no node can be started with. The message has one line for each mistake, with its remedy. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String problem) {
        super(problem);
    }

    ConfigurationException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
