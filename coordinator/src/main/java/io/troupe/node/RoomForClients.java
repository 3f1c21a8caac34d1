package io.troupe.node;

import akka.actor.typed.javadsl.ActorContext;
import io.troupe.log.LogSettings;
import io.troupe.node.NodeProtocol.CheckRoom;
import io.troupe.node.NodeProtocol.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Looks every second how much room the disk has, and says when it has too little for what clients write, and when it has enough
 * again (decision 023). The guardian's, on its thread.
 */
final class RoomForClients {
    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);

    private final ActorContext<Command> context;
    private final NodeEnvironment env;
    private final LogSettings settings;
    private final Consumer<Boolean> listener;
    private final AtomicLong usable = new AtomicLong(Long.MAX_VALUE);
    private boolean enough = true;

    RoomForClients(
            ActorContext<Command> context, NodeEnvironment env, LogSettings settings, Consumer<Boolean> listener) {
        this.context = context;
        this.env = env;
        this.settings = settings;
        this.listener = listener;
        env.metrics().gauge("troupe_disk_usable_bytes", usable::get);
        env.metrics().gauge("troupe_disk_too_full_for_writes", () -> usable.get() < settings.roomForClients() ? 1 : 0);
    }

    /** Looks now, and again and again from here on. */
    void check() {
        try {
            judge(env.disk().usableBytes());
        } catch (IOException e) {
            context.getLog().warn("The room on the disk cannot be told: {}", e.toString());
        }
        context.scheduleOnce(CHECK_EVERY, context.getSelf(), new CheckRoom());
    }

    private void judge(long now) {
        usable.set(now);
        if (enough && now < settings.roomForClients()) {
            enough = false;
            context.getLog()
                    .error(
                            "The disk of the data directory is nearly full: {} bytes are free. Writes of this node's clients are"
                                    + " refused with -127 until {} are; reads go on",
                            now,
                            settings.roomForClientsAgain());
            listener.accept(false);
        } else if (!enough && now >= settings.roomForClientsAgain()) {
            enough = true;
            context.getLog().info("There is room on the disk again, {} bytes: clients may write", now);
            listener.accept(true);
        }
    }
}
