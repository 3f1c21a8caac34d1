package io.troupe.app.console;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One stream of server-sent events that says everything the page shows while it changes. All pages are told the same text, which is made
 * once; without a page nothing of this is done but a look each second.
 */
final class LiveApi implements Route.Source {
    /** Between two looks at the node while a page is open: an election is seen so soon. */
    private static final long LOOK_MILLIS = 100;

    private static final int LOOKS_PER_STATE = 5;

    private static final long SAMPLE_MILLIS = 1_000;

    /** Pages that may be open. */
    static final int MOST_STREAMS = 32;

    /** A page that leaves so much unread begins anew. */
    private static final long MOST_UNSENT = 4 << 20;

    private final LiveState state;
    private final History history;
    private final Happenings happenings;
    private final Observer observer;
    private final Timer timer;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();

    private boolean looking;
    private int looks;
    private String mark = "";
    private long lastHappening;

    /** Runs an action once, in so many milliseconds. */
    @FunctionalInterface
    interface Timer {
        void schedule(Runnable action, long millis);
    }

    LiveApi(LiveState state, History history, Happenings happenings, Observer observer, Timer timer) {
        this.state = state;
        this.history = history;
        this.happenings = happenings;
        this.observer = observer;
        this.timer = timer;
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route("GET", "/api/v1/live", Access.READ, this::live));
    }

    /** Ends all streams. */
    void end() {
        streams.forEach(EventStream::end);
    }

    private CompletionStage<Reply> live(Exchange exchange) {
        if (open.incrementAndGet() > MOST_STREAMS) {
            open.decrementAndGet();
            throw Problem.of(
                            503,
                            "too-many-streams",
                            "Too many pages are open",
                            MOST_STREAMS + " may be at a time; close one, or open another node's")
                    .with("Retry-After", "5");
        }
        EventStream out = exchange.events(MOST_UNSENT);
        out.onEnd(() -> {
            streams.remove(out);
            open.decrementAndGet();
        });
        out.begin();
        begin(out, exchange.caller());
        return CompletableFuture.completedFuture(Reply.STREAMED);
    }

    /** All that was, and from then on what changes. */
    private synchronized void begin(EventStream out, Caller caller) {
        out.write(event("user", Map.of("name", caller.name(), "role", NodePicture.lower(caller.role()))));
        out.write(event(
                "history",
                history.samples().stream().map(History.Sample::fields).toList()));
        out.write(event("elections", state.elections()));
        out.write(event(
                "happenings",
                happenings.after(0).stream()
                        .filter(happening -> happening.id() <= lastHappening)
                        .map(Happenings.Happening::fields)
                        .toList()));
        out.write(event("state", state.fields()));
        streams.add(out);
        if (!looking) {
            looking = true;
            lookLater();
        }
    }

    private void lookLater() {
        timer.schedule(this::look, LOOK_MILLIS);
    }

    /** Takes a sample each second from now on. */
    void start() {
        timer.schedule(this::sample, SAMPLE_MILLIS);
    }

    private synchronized void sample() {
        try {
            observer.sample();
            if (streams.isEmpty()) {
                observer.look();
                lastHappening = happenings.last();
            } else {
                history.latest().ifPresent(sample -> tell(event("sample", sample.fields())));
            }
        } finally {
            start();
        }
    }

    /** Looks whether there is something to tell, and again in a moment while somebody listens. */
    private synchronized void look() {
        streams.removeIf(EventStream::ended);
        if (streams.isEmpty()) {
            looking = false;
            return;
        }
        try {
            tellWhatIsNew();
        } finally {
            lookLater();
        }
    }

    private void tellWhatIsNew() {
        StringBuilder text = new StringBuilder();
        String now = state.mark();
        boolean changed = !now.equals(mark);
        if (changed) {
            mark = now;
            text.append(event("elections", state.elections()));
        }
        if (changed || looks++ % LOOKS_PER_STATE == 0) {
            observer.look();
            observer.hear(state.answering());
            text.append(event("state", state.fields()));
        }
        List<Happenings.Happening> fresh = happenings.after(lastHappening);
        if (!fresh.isEmpty()) {
            lastHappening = fresh.get(fresh.size() - 1).id();
            text.append(event(
                    "happenings",
                    fresh.stream().map(Happenings.Happening::fields).toList()));
        }
        if (text.length() > 0) {
            tell(text.toString());
        }
    }

    private void tell(String text) {
        streams.forEach(stream -> stream.write(text));
    }

    private static String event(String name, Object data) {
        return "event: " + name + "\ndata: " + Json.line(data) + "\n\n";
    }
}
