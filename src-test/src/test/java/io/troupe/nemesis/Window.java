package io.troupe.nemesis;

import io.troupe.model.History;
import io.troupe.model.RegisterOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The nodes that clients use for some seconds, and the record of what they did to them. Thread safe; complete once nobody
 * begins anything in it any more and {@link #isQuiet}.
 */
final class Window {
    private static final int REGISTERS = 4;

    private final String path;
    private final Queue<RegisterOperation> operations = new ConcurrentLinkedQueue<>();
    private final Queue<Creation> creations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unanswered = new AtomicInteger();

    /** A window below {@code path}. */
    Window(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    String sequenceParent() {
        return path + "/seq";
    }

    List<String> registers() {
        return IntStream.range(0, REGISTERS).mapToObj(this::register).toList();
    }

    String register(int number) {
        return path + "/r" + number % REGISTERS;
    }

    /** Something begins that ends with {@link #did} or {@link #created}. */
    void begins() {
        unanswered.incrementAndGet();
    }

    void did(RegisterOperation operation) {
        operations.add(operation);
        unanswered.decrementAndGet();
    }

    void created(Creation creation) {
        creations.add(creation);
        unanswered.decrementAndGet();
    }

    /** Something ended without any trace, a read without an answer say. */
    void cameToNothing() {
        unanswered.decrementAndGet();
    }

    boolean isQuiet() {
        return unanswered.get() == 0;
    }

    /** What was done to the registers, in the order of the ends. */
    History history() {
        var history = new History();
        operations.forEach(history::add);
        return history;
    }

    List<Creation> creations() {
        return new ArrayList<>(creations);
    }
}
