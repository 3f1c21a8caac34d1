package io.troupe.sim;

import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;

/** Runs what an actor system submits while it boots, before the simulation's own thread takes over. */
final class BootPump {
    /** Empty is the end. */
    private final LinkedBlockingQueue<Optional<Runnable>> queue = new LinkedBlockingQueue<>();

    private final Object lock = new Object();
    private final Thread thread = new Thread(this::run, "simulation-boot");
    private int pending;

    BootPump() {
        thread.setDaemon(true);
        thread.start();
    }

    void execute(Runnable action) {
        synchronized (lock) {
            pending++;
        }
        queue.add(Optional.of(action));
    }

    private void run() {
        try {
            for (Optional<Runnable> next = queue.take(); next.isPresent(); next = queue.take()) {
                try {
                    next.get().run();
                } finally {
                    synchronized (lock) {
                        pending--;
                        lock.notifyAll();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns once everything submitted has run and nothing is left. */
    void stopWhenIdle() {
        try {
            synchronized (lock) {
                while (pending > 0) {
                    lock.wait();
                }
            }
            queue.add(Optional.empty());
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the actor system booted", e);
        }
    }
}
