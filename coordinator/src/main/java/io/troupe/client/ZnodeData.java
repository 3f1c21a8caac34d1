package io.troupe.client;

import io.troupe.request.Stat;
import java.nio.charset.StandardCharsets;

/** What a znode holds, empty for nothing, and its history. */
public record ZnodeData(byte[] bytes, Stat stat) {
    /** As UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
