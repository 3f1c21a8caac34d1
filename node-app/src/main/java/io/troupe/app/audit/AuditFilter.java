package io.troupe.app.audit;

import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which events somebody asks for; null stands for all.
 *
 * @param path of a znode: it and everything below
 * @param user one of those that an event names
 * @param operation in upper or lower case
 * @param since the first moment
 * @param result {@code success} or {@code failure}
 */
public record AuditFilter(
        @Nullable String path,
        @Nullable String user,
        @Nullable String operation,
        @Nullable Instant since,
        @Nullable String result)
        implements Predicate<AuditEvent> {
    @Override
    public boolean test(AuditEvent event) {
        return (since == null || !event.at().isBefore(since))
                && (operation == null || event.field("operation").equalsIgnoreCase(operation))
                && (result == null || event.field("result").equals(result))
                && (user == null || ("," + event.field("user") + ",").contains("," + user + ","))
                && (path == null || isBelow(event.field("znode"), path));
    }

    private static boolean isBelow(String znode, String above) {
        return znode.equals(above) || znode.startsWith(above.endsWith("/") ? above : above + "/");
    }
}
