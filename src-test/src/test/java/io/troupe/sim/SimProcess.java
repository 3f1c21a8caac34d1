package io.troupe.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * One run of one operating system process: an incarnation of a node or of an application. Everything the world runs on its behalf is tagged
 * with it, so that a paused process does nothing and a dead one never does anything again, not even its clean-up.
 */
final class SimProcess {
    /** Of what is no node. */
    static final int NO_NODE = 0;

    private enum State {
        RUNNING,
        PAUSED,
        DEAD
    }

    private final String name;
    private final int nodeId;
    private final List<SimWorld.Task> held = new ArrayList<>();
    private State state = State.RUNNING;

    SimProcess(String name, int nodeId) {
        this.name = name;
        this.nodeId = nodeId;
    }

    /** The node whose incarnation this is; {@link #NO_NODE} for an application. */
    int nodeId() {
        return nodeId;
    }

    /** Unique in the world; also the name of the process's top actor. */
    String name() {
        return name;
    }

    boolean running() {
        return state == State.RUNNING;
    }

    boolean dead() {
        return state == State.DEAD;
    }

    void pause() {
        if (state == State.RUNNING) {
            state = State.PAUSED;
        }
    }

    /** Ends a pause; returns what became due meanwhile, in order. */
    List<SimWorld.Task> resume() {
        if (state == State.PAUSED) {
            state = State.RUNNING;
        }
        List<SimWorld.Task> due = new ArrayList<>(held);
        held.clear();
        return due;
    }

    void die() {
        state = State.DEAD;
        held.clear();
    }

    /** Keeps what becomes due during a pause. */
    void hold(SimWorld.Task task) {
        held.add(task);
    }

    @Override
    public String toString() {
        return name;
    }
}
