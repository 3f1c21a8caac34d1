package io.troupe.app.shell;

import org.apache.zookeeper.WatchedEvent;

/** Prints what the connection tells. */
final class EventPrinter implements Connection.Listener {
    private final Output output;

    EventPrinter(Output output) {
        this.output = output;
    }

    @Override
    public void watched(WatchedEvent event) {
        output.watched(Result.event(event.getType().name())
                .with("path", event.getPath())
                .with("zxid", "0x" + Long.toHexString(event.getZxid()))
                .line("WATCHER:: " + event));
    }

    @Override
    public void changed(String text) {
        output.changed(Result.event("connection").with("message", text).line(text));
    }
}
