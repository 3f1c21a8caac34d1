package io.troupe.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.app.doctor.Doctor;
import io.troupe.app.doctor.Finding;
import io.troupe.app.doctor.Finding.Severity;
import io.troupe.app.doctor.Surroundings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe doctor FILE}: what may be wrong with a node's host, configuration and neighbours. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Examines the host, the configuration and the neighbours of a node, and says what to do.",
            "",
            "Before a start, or beside a node that runs, as its user. Nothing is changed; a probe file of 400 KiB in the data directory"
                    + " goes again."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:all is well",
            " 1:something will hurt some day",
            " 2:the node does not start like this, or its ensemble does not serve; or bad command line"
        })
public final class DoctorCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the node's configuration: application.conf or zoo.cfg")
    @Nullable
    Path file;

    @Option(names = "--json", description = "one JSON object")
    boolean json;

    private final PrintStream output;
    private final Surroundings around;

    /** A command that can be run once. */
    public DoctorCommand(PrintStream output, Surroundings around) {
        this.output = output;
        this.around = around;
    }

    @Override
    public Integer call() {
        List<Finding> findings = new Doctor(around).examine(Objects.requireNonNull(file));
        Severity worst = findings.stream()
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.OK);
        if (json) {
            output.println(asJson(findings, worst));
        } else {
            findings.forEach(this::print);
        }
        return switch (worst) {
            case OK -> 0;
            case WARN -> 1;
            case FAIL -> 2;
        };
    }

    private void print(Finding finding) {
        output.printf("%-5s %-20s %s%n", finding.severity(), finding.check(), finding.seen());
        if (!finding.advice().isEmpty()) {
            output.printf("%-5s %-20s -> %s%n", "", "", finding.advice());
        }
    }

    private static String asJson(List<Finding> findings, Severity worst) {
        ObjectNode report = new ObjectMapper().createObjectNode();
        report.put("status", word(worst));
        ArrayNode checks = report.putArray("checks");
        for (Finding finding : findings) {
            checks.addObject()
                    .put("check", finding.check())
                    .put("status", word(finding.severity()))
                    .put("seen", finding.seen())
                    .put("advice", finding.advice());
        }
        return report.toString();
    }

    private static String word(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
