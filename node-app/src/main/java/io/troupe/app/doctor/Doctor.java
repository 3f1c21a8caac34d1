package io.troupe.app.doctor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.app.config.OperatorFile;
import io.troupe.app.config.TheirNames;
import io.troupe.node.ConfigurationException;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.ProcessSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All examinations, in the order in which they are of use. */
public final class Doctor {
    private static final List<Check> CHECKS =
            List.of(new HostCheck(), new DiskCheck(), new SecretsCheck(), new NetworkCheck(), new EnsembleCheck());

    private final Surroundings around;

    /** In these surroundings. */
    public Doctor(Surroundings around) {
        this.around = around;
    }

    /** Examines the node that this file configures; where it cannot be read, nothing else can be known. */
    public List<Finding> examine(Path configuration) {
        List<Finding> findings = new ArrayList<>();
        Config operator = ConfigFactory.empty();
        ProcessSettings settings;
        try {
            operator = OperatorFile.load(configuration.toFile());
            settings = NodeSettingsReader.read(operator);
        } catch (ConfigurationException e) {
            String message = TheirNames.in(String.valueOf(e.getMessage()), operator);
            return List.of(Finding.fail("configuration", message, "correct " + configuration));
        }
        findings.add(Finding.ok(
                "configuration",
                configuration + " is understood: "
                        + (settings.node().nodeId() > 0
                                ? "node " + settings.node().nodeId()
                                : "a node without an id")
                        + ", data in " + settings.node().dataDir()));
        Check.Subject subject = new Check.Subject(configuration, settings);
        CHECKS.forEach(check -> findings.addAll(check.examine(subject, around)));
        Config written = operator;
        return findings.stream().map(finding -> inTheirWords(finding, written)).toList();
    }

    private static Finding inTheirWords(Finding finding, Config written) {
        return new Finding(
                finding.check(),
                finding.severity(),
                TheirNames.in(finding.seen(), written),
                TheirNames.in(finding.advice(), written));
    }
}
