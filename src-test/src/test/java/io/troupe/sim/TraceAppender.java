package io.troupe.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Puts the production code's log lines into the trace of the world whose thread writes them. */
final class TraceAppender extends AppenderBase<ILoggingEvent> {
    private record Attached(Trace trace, SimWorld world) {}

    private static final ThreadLocal<@Nullable Attached> CURRENT = new ThreadLocal<>();
    private static final String NAME = "simulation-trace";

    static synchronized void attach(Trace trace, SimWorld world) {
        CURRENT.set(new Attached(trace, world));
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        if (root.getAppender(NAME) == null) {
            root.detachAndStopAllAppenders();
            TraceAppender appender = new TraceAppender();
            appender.setName(NAME);
            appender.setContext(context);
            appender.start();
            root.addAppender(appender);
        }
        root.setLevel(trace.shows(Trace.Level.LOG) ? Level.DEBUG : Level.OFF);
    }

    static void detach(Trace trace) {
        Attached attached = CURRENT.get();
        if (attached != null && attached.trace() == trace) {
            CURRENT.remove();
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        Attached attached = CURRENT.get();
        if (attached == null) {
            return;
        }
        SimProcess process = attached.world().currentProcess();
        String logger = event.getLoggerName();
        attached.trace()
                .log("%s %-5s %s: %s%s"
                        .formatted(
                                process == null ? "-" : process.name(),
                                event.getLevel(),
                                logger.substring(logger.lastIndexOf('.') + 1),
                                event.getFormattedMessage(),
                                stack(event.getThrowableProxy())));
    }

    private static String stack(@Nullable IThrowableProxy thrown) {
        return thrown == null ? "" : "\n" + ThrowableProxyUtil.asString(thrown);
    }
}
