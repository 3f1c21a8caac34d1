package io.troupe.env.system;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread for work on files that nobody uses, done a piece at a time with pauses between: the syncs of others never wait for much. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    /** With pieces of 1 MiB 200 MiB a second for each file that is worked on, more than any log grows. */
    private static final long PAUSE_MILLIS = 5;

    private final ScheduledThreadPoolExecutor thread;

    Housekeeping() {
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread daemon = new Thread(task, "troupe-housekeeping");
            daemon.setDaemon(true);
            return daemon;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Does this after a pause, unless the directory is closed by then. */
    void next(Runnable piece) {
        try {
            Future<?> unused = thread.schedule(piece, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The directory is closed, the next start deletes what is left", e);
        }
    }

    /** A piece has failed: by itself, or because it was interrupted by {@link #close}. */
    void failed(String what, Exception cause) {
        if (thread.isShutdown()) {
            LOG.debug("The directory was closed meanwhile, the next start deletes what is left", cause);
        } else {
            LOG.warn("{}, the next start deletes it: {}", what, cause.toString());
        }
    }

    /** Leaves the rest to whoever has the directory next. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
