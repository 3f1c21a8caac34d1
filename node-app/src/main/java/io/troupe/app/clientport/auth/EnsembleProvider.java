package io.troupe.app.clientport.auth;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The name of the ensemble that a client means to talk to. It proves nothing about the client: it sends those away that have
 * reached the wrong one.
 */
public final class EnsembleProvider implements AuthenticationProvider {
    /** Of auth packets. */
    public static final String SCHEME = "ensemble";

    private final Set<String> names;

    /** {@code names}: of this ensemble; where there is none, every name is right. */
    EnsembleProvider(List<String> names) {
        this.names = Set.copyOf(names);
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public Outcome authenticate(Peer peer, byte @Nullable [] data) {
        String name = data == null ? "" : new String(data, StandardCharsets.UTF_8);
        return names.isEmpty() || name.isEmpty() || names.contains(name)
                ? new Outcome.Proven(List.of())
                : new Outcome.WrongServer("looks for an ensemble named " + name);
    }

    @Override
    public boolean isValid(String id) {
        return false;
    }

    @Override
    public boolean provesIdentity() {
        return false;
    }
}
