package io.troupe.examples;

import io.troupe.recipes.Lease;
import io.troupe.recipes.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One of a pair of which one works and the other waits, as name nodes of HDFS do: {@code pair NAME DIRECTORY}. The election says who is to be
 * active; that an earlier active can do no harm any more, though it has not heard of it, the journal sees to: its epoch is the
 * token of whoever was elected.
 */
public final class ActiveStandby {
    private static final long EDIT_EVERY_MILLIS = 200;

    private final Application application;
    private final String name;
    private final Journal journal;
    /** All that reads and writes the fields below, and the journal. */
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();

    private @Nullable Lease lease;
    private int edits;

    private ActiveStandby(Application application, String name, Journal journal) {
        this.application = application;
        this.name = name;
        this.journal = journal;
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println("usage: pair NAME DIRECTORY");
            System.exit(2);
        }
        Journal journal = new Journal(Path.of(args[1]));
        new ActiveStandby(Application.start(args[0]), args[0], journal).run();
    }

    private void run() {
        application.say("is standby");
        application
                .recipes()
                .leaderElection("/examples/pair", name)
                .onChange(standing -> worker.execute(() -> onStanding(standing)));
        Future<?> unused =
                worker.scheduleAtFixedRate(this::edit, EDIT_EVERY_MILLIS, EDIT_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void onStanding(Standing standing) {
        if (standing instanceof Standing.Granted granted) {
            try {
                edits = journal.open(granted.lease().token()).size();
                lease = granted.lease();
                application.say("is active in epoch " + granted.lease().token() + ", after " + edits + " edits");
            } catch (IOException e) {
                // Makes room for the other.
                application.say("cannot become active: " + e.getMessage());
                application.stop();
            }
        } else if (standing instanceof Standing.Lost lost && lease != null) {
            standBy("the election tells: " + lost.why());
        }
    }

    private void edit() {
        Lease held = lease;
        if (held == null) {
            return;
        }
        if (!held.isHeld()) {
            standBy("its session is not sure any more");
            return;
        }
        try {
            // A pause of this process, here, is what the journal must stand.
            journal.append(held.token(), ++edits + " by " + name);
            application.say("wrote edit " + edits);
        } catch (IOException e) {
            standBy(e.getMessage());
        }
    }

    private void standBy(@Nullable String why) {
        lease = null;
        application.say("is standby: " + why);
    }
}
