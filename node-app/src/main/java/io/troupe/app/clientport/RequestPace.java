package io.troupe.app.clientport;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How fast the requests of one connection may come: so many in each tenth of a second, and those that follow wait for the next, in the
 * socket or here. Costs one look at the clock for as many. One event loop only.
 */
final class RequestPace {
    private static final Logger LOG = LoggerFactory.getLogger(RequestPace.class);
    private static final long WINDOW_MILLIS = 100;
    private static final int WINDOWS_A_SECOND = 10;

    private final PortContext context;
    private int window;
    private int taken;

    /** None has come yet. */
    RequestPace(PortContext context) {
        this.context = context;
    }

    /** In each window; 0 for any number. */
    private int most() {
        int perSecond = context.settings().load().bounds().requestsPerSecond();
        return perSecond == 0 ? 0 : Math.max(1, perSecond / WINDOWS_A_SECOND);
    }

    /** A request is taken. Where it was the last for now, {@code goOn} is run once there may be others. */
    void take(EventLoop loop, Runnable goOn) {
        taken++;
        if (!permits()) {
            context.statistics().paused();
            later(loop, goOn);
        }
    }

    private void later(EventLoop loop, Runnable goOn) {
        loop.schedule(() -> goOnIfPermitted(loop, goOn), WINDOW_MILLIS, TimeUnit.MILLISECONDS)
                .addListener(done -> {
                    if (done.cause() != null && !done.isCancelled()) {
                        LOG.error("a client waits for good that has sent too many requests a second", done.cause());
                    }
                });
    }

    private void goOnIfPermitted(EventLoop loop, Runnable goOn) {
        if (permits()) {
            goOn.run();
        } else {
            later(loop, goOn);
        }
    }

    /** Whether another may be taken now. */
    boolean permits() {
        int most = most();
        if (most == 0 || taken < most) {
            return true;
        }
        int now = (int) (context.clock().monotonicMillis() / WINDOW_MILLIS);
        if (now == window) {
            return false;
        }
        window = now;
        taken = 0;
        return true;
    }
}
