package io.troupe.recipes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Instances at many points of a ring each; a key belongs to the one whose point comes next. */
final class HashRing {
    private static final int POINTS = 100;

    private final TreeMap<Long, ServiceInstance> points = new TreeMap<>();

    HashRing(List<ServiceInstance> instances) {
        for (ServiceInstance instance : instances) {
            for (int i = 0; i < POINTS; i++) {
                points.put(hash(instance.id() + "#" + i), instance);
            }
        }
    }

    Optional<ServiceInstance> at(String key) {
        Map.Entry<Long, ServiceInstance> next = points.ceilingEntry(hash(key));
        return Optional.ofNullable(next == null ? points.firstEntry() : next).map(Map.Entry::getValue);
    }

    private static long hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
