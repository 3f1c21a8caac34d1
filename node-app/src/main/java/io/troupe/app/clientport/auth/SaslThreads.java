package io.troupe.app.clientport.auth;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Where steps of SASL exchanges run, which may block. */
public final class SaslThreads {
    /** One would do, did it not wait for a name service that is slow; each client waits for one step at a time. */
    private static final int THREADS = 4;

    private static final long IDLE_SECONDS = 30;

    private SaslThreads() {}

    /** Has no thread while nobody logs in. */
    public static ExecutorService named(String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(name, true));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
