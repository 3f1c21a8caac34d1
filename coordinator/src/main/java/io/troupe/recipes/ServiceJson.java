package io.troupe.recipes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/** Instances as Curator's {@code JsonInstanceSerializer} writes them. */
final class ServiceJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ServiceJson() {}

    /**
     * As JSON.
     *
     * @throws IllegalArgumentException when the payload is none
     */
    static byte[] write(ServiceInstance instance) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("name", instance.name())
                .put("id", instance.id())
                .put("address", instance.address())
                .put("port", instance.port() == 0 ? null : instance.port())
                .putNull("sslPort");
        try {
            json.set("payload", MAPPER.readTree(instance.payload()));
            json.put("registrationTimeUTC", instance.registeredMillis())
                    .put("serviceType", "DYNAMIC")
                    .putNull("uriSpec")
                    .put("enabled", instance.enabled());
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the payload of " + instance.name() + "/" + instance.id() + " is no JSON: " + instance.payload(),
                    e);
        }
    }

    /** Empty for what is no instance. */
    static Optional<ServiceInstance> read(byte[] bytes) {
        try {
            JsonNode json = MAPPER.readTree(bytes);
            return Optional.of(new ServiceInstance(
                    json.path("name").asText(),
                    json.path("id").asText(),
                    json.path("address").asText(),
                    json.path("port").asInt(),
                    json.path("enabled").asBoolean(true),
                    json.path("payload").isMissingNode()
                            ? "null"
                            : json.path("payload").toString(),
                    json.path("registrationTimeUTC").asLong()));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
