package io.troupe.app.console;

import io.troupe.app.audit.AuditFilter;
import io.troupe.app.audit.AuditTrail;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The newest events of the audit log, for administrators; older ones are in its files. */
final class AuditApi implements Route.Source {
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 4_096;

    private final @Nullable AuditTrail trail;

    AuditApi(@Nullable AuditTrail trail) {
        this.trail = trail;
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route("GET", "/api/v1/audit", Access.ADMIN, this::page));
    }

    private CompletionStage<Reply> page(Exchange exchange) {
        if (trail == null) {
            throw Problem.of(501, "unimplemented", "It is switched off", "set troupe.audit to security or all");
        }
        int limit = exchange.whole("limit", PAGE, 1, LARGEST_PAGE);
        long before = exchange.query("before")
                .map(written -> Exchange.number("before", written))
                .orElse(Long.MAX_VALUE);
        List<AuditTrail.Numbered> found = trail.newest(filter(exchange), before, limit);
        List<Map<String, Object>> events = new ArrayList<>();
        for (AuditTrail.Numbered each : found) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("number", each.number());
            fields.put("at", each.event().at().toString());
            fields.putAll(each.event().fields());
            events.add(fields);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("events", events);
        fields.put(
                "next",
                found.size() < limit ? null : found.get(found.size() - 1).number());
        return CompletableFuture.completedFuture(Reply.json(fields));
    }

    private static AuditFilter filter(Exchange exchange) {
        return new AuditFilter(
                exchange.query("path").orElse(null),
                exchange.query("user").orElse(null),
                exchange.query("operation").orElse(null),
                exchange.query("since").map(AuditApi::moment).orElse(null),
                exchange.query("result").orElse(null));
    }

    private static Instant moment(String written) {
        try {
            return Instant.parse(written);
        } catch (DateTimeParseException e) {
            throw Problem.badRequest("since=" + Exchange.printable(written) + ": write a moment, 2026-11-22T06:00:00Z");
        }
    }
}
