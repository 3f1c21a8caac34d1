package io.troupe.sim;

import io.troupe.recipes.ConfigValue;
import java.util.Optional;

/** The versions of a configuration value that one session has been told of. */
final class FollowedValue {
    private final AppSession at;
    private int version = -1;
    private long token;
    private String value = "";

    FollowedValue(AppSession at) {
        this.at = at;
    }

    /** Whether its session lives. */
    boolean lives() {
        return !at.isOver();
    }

    /** What is wrong with the next version, if anything is. */
    Optional<String> seen(ConfigValue.Version<String> next) {
        boolean later = next.version() > version && next.token() > token;
        Optional<String> disorder = later
                ? Optional.empty()
                : Optional.of("%s was told of version %d of the configuration after version %d"
                        .formatted(at, next.version(), version));
        version = next.version();
        token = next.token();
        value = next.value();
        return disorder;
    }

    /** Whether this is the last that it was told of. */
    boolean isAt(int last, String text) {
        return version == last && value.equals(text);
    }

    @Override
    public String toString() {
        return "%s at version %d ('%s')".formatted(at, version, value);
    }
}
