package io.troupe.app.doctor;

import io.troupe.node.ProcessSettings;
import java.util.List;

/** One examination. */
@FunctionalInterface
interface Check {
    /** What it finds; several where there are several things of its kind. */
    List<Finding> examine(Subject subject, Surroundings around);

    /**
     * What is examined.
     *
     * @param configuration the file
     * @param settings what it says
     */
    record Subject(java.nio.file.Path configuration, ProcessSettings settings) {}
}
