package io.troupe.app.console;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the route of a request, lets its caller in or not, reads the body, and sends the answer. */
final class RequestHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    private static final String COMMANDS = "/commands/";

    private final List<Route> routes;
    private final AccessRule access;
    private final HttpAudit audit;
    private final int mostBodyBytes;

    RequestHandler(List<Route> routes, AccessRule access, HttpAudit audit, int mostBodyBytes) {
        this.routes = List.copyOf(routes);
        this.access = access;
        this.audit = audit;
        this.mostBodyBytes = mostBodyBytes;
    }

    List<Route> routes() {
        return routes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        CompletionStage<Reply> reply;
        HttpAudit.Entry entry = audit.begin(request);
        try {
            reply = answer(request, response, callback, entry);
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        reply.whenComplete((answer, failure) -> {
            Problem problem = failure == null ? null : problem(request, failure);
            Reply sent = problem == null ? answer : refusal(request, problem);
            entry.end(problem);
            if (!sent.streamed()) {
                send(sent, response, callback);
            }
        });
        return true;
    }

    private CompletionStage<Reply> answer(
            Request request, Response response, Callback callback, HttpAudit.Entry entry) {
        String path = Optional.ofNullable(request.getHttpURI().getDecodedPath()).orElse("/");
        Route route = route(request.getMethod(), path);
        Incoming incoming = incoming(request);
        String parameter = route.match(path).orElse("");
        Access asked = route.access().apply(parameter);
        Caller caller = access.admit(incoming, asked);
        entry.admitted(caller, asked);
        if (incoming.safe() || request.getMethod().equals("DELETE")) {
            return route.handler()
                    .answer(new Exchange(request, response, callback, caller, parameter, new byte[0], entry));
        }
        return body(request)
                .thenCompose(body -> route.handler()
                        .answer(new Exchange(request, response, callback, caller, parameter, body, entry)));
    }

    private Route route(String method, String path) {
        List<Route> there =
                routes.stream().filter(r -> r.match(path).isPresent()).toList();
        if (there.isEmpty()) {
            throw Problem.of(
                    404,
                    "no-route",
                    "There is nothing here",
                    Exchange.printable(path) + " is none of what /openapi.json describes");
        }
        return there.stream().filter(r -> r.answers(method)).findFirst().orElseThrow(() -> {
            String allowed = there.stream().map(Route::method).distinct().collect(Collectors.joining(", "));
            return Problem.of(405, "method", "Another method is needed", "use " + allowed + " here")
                    .with("Allow", allowed);
        });
    }

    private static Incoming incoming(Request request) {
        HttpFields headers = request.getHeaders();
        InetSocketAddress peer =
                (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
        String method = request.getMethod();
        return new Incoming(
                peer.getAddress(),
                request.isSecure(),
                method.equals("GET") || method.equals("HEAD"),
                headers.get(HttpHeader.HOST),
                headers.get(HttpHeader.ORIGIN),
                headers.get("Sec-Fetch-Site"),
                headers.contains(HttpHeader.FORWARDED) || headers.contains(HttpHeader.X_FORWARDED_FOR),
                headers.get(HttpHeader.AUTHORIZATION),
                HttpTls.shownBy(request));
    }

    private CompletableFuture<byte[]> body(Request request) {
        Problem tooLarge = Problem.of(
                413,
                "too-large",
                "The body is too large",
                "it may have " + mostBodyBytes + " bytes, by troupe.max-request-size");
        if (request.getLength() > mostBodyBytes) {
            return refused(request, tooLarge);
        }
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        Content.Source.asByteArrayAsync(
                request,
                mostBodyBytes,
                Promise.Invocable.from(Invocable.InvocationType.BLOCKING, body::complete, body::completeExceptionally));
        return body.exceptionallyCompose(failure -> failure instanceof IllegalStateException
                ? refused(request, tooLarge)
                : CompletableFuture.failedFuture(
                        Problem.badRequest("the body could not be read: " + failure.getMessage())));
    }

    /** Reads what is left, because whoever still sends does not listen. */
    private static CompletableFuture<byte[]> refused(Request request, Problem problem) {
        CompletableFuture<byte[]> refusal = new CompletableFuture<>();
        Content.Source.consumeAll(
                request,
                Callback.from(
                        () -> refusal.completeExceptionally(problem),
                        failure -> refusal.completeExceptionally(problem)));
        return refusal;
    }

    private static Problem problem(Request request, Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Problem known) {
            return known;
        } else if (cause instanceof TimeoutException) {
            return NodeGate.late(false);
        }
        LOG.error(
                "HTTP: {} {} failed", request.getMethod(), request.getHttpURI().getPath(), cause);
        return Problem.of(500, "failed", "The request failed", "the log of the node tells why");
    }

    private static Reply refusal(Request request, Problem problem) {
        String path = Optional.ofNullable(request.getHttpURI().getDecodedPath()).orElse("");
        return path.startsWith(COMMANDS)
                ? Commands.refusal(path.substring(COMMANDS.length()).toLowerCase(Locale.ROOT), problem)
                : byForm(request) ? problem.reply().without("WWW-Authenticate") : problem.reply();
    }

    /** Whether a script of the page asks: it has a form of its own for passwords, which the browser's would cover. */
    private static boolean byForm(Request request) {
        return "empty".equals(request.getHeaders().get("Sec-Fetch-Dest"));
    }

    private static void send(Reply reply, Response response, Callback callback) {
        response.setStatus(reply.status());
        HttpFields.Mutable headers = response.getHeaders();
        // Nothing here is a page that others may show, and none of it lasts.
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        reply.headers().forEach(headers::put);
        if (reply.contentType() != null) {
            headers.put(HttpHeader.CONTENT_TYPE, reply.contentType());
        }
        response.write(true, ByteBuffer.wrap(reply.body()), callback);
    }
}
