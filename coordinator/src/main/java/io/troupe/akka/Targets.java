package io.troupe.akka;

import akka.discovery.Lookup;
import akka.discovery.ServiceDiscovery.ResolvedTarget;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.troupe.recipes.ServiceInstance;
import java.util.List;
import java.util.Optional;
import scala.Option;

/**
 * What of the registered instances answers a lookup: those to be used that have the port and the protocol asked for. The one port of an
 * instance has no name; others are in its payload, {@code {"ports": {"management": 8558}, "protocol": "tcp"}}. An instance that names no
 * protocol is of any.
 */
final class Targets {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int NONE = 0;

    private Targets() {}

    static List<ResolvedTarget> of(List<ServiceInstance> instances, Lookup lookup) {
        return instances.stream()
                .filter(instance -> instance.enabled() && !instance.address().isBlank())
                .map(instance -> target(instance, lookup))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static Optional<ResolvedTarget> target(ServiceInstance instance, Lookup lookup) {
        JsonNode payload = payload(instance);
        boolean otherProtocol = lookup.getProtocol()
                .filter(wanted -> !payload.path("protocol").asText(wanted).equalsIgnoreCase(wanted))
                .isPresent();
        if (otherProtocol) {
            return Optional.empty();
        }
        int port = lookup.getPortName()
                .map(name -> payload.path("ports").path(name).asInt(NONE))
                .orElse(instance.port());
        if (lookup.getPortName().isPresent() && port == NONE) {
            return Optional.empty();
        }
        Option<Object> known = port == NONE ? Option.empty() : Option.apply(port);
        return Optional.of(new ResolvedTarget(instance.address(), known, Option.empty()));
    }

    private static JsonNode payload(ServiceInstance instance) {
        try {
            return MAPPER.readTree(instance.payload());
        } catch (JsonProcessingException e) {
            // What was registered by others may be anything; the instance is what it is all the same.
            return MAPPER.missingNode();
        }
    }
}
