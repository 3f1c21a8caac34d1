package io.troupe.recipes;

import java.util.Objects;

/**
 * One of those that give a service.
 *
 * @param name of the service
 * @param id of no other instance of it
 * @param address host name or address
 * @param port 0 for none
 * @param enabled whether it is to be used
 * @param payload what else it tells, as JSON; {@code null} for nothing
 * @param registeredMillis when it began, in milliseconds since 1970; 0 for unknown
 */
public record ServiceInstance(
        String name, String id, String address, int port, boolean enabled, String payload, long registeredMillis) {
    public ServiceInstance {
        Objects.requireNonNull(address);
        if (name.isEmpty() || id.isEmpty() || name.indexOf('/') >= 0 || id.indexOf('/') >= 0) {
            throw new IllegalArgumentException("service \"" + name + "\", instance \"" + id
                    + "\": both are names of znodes, neither empty nor with a slash");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " of " + name + "/" + id + " is none");
        }
    }

    /** One that is to be used and tells nothing else. */
    public static ServiceInstance of(String name, String id, String address, int port) {
        return new ServiceInstance(name, id, address, port, true, "null", 0);
    }

    /** The same, to be used or not. */
    public ServiceInstance withEnabled(boolean other) {
        return new ServiceInstance(name, id, address, port, other, payload, registeredMillis);
    }

    /** The same, telling something else. */
    public ServiceInstance withPayload(String json) {
        return new ServiceInstance(name, id, address, port, enabled, json, registeredMillis);
    }
}
