package io.troupe.process;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/**
 * Gives tests a running ensemble of three, shared by all test classes of the JVM. Before each test every server is made
 * to run and serve, whatever the test before did to it; after a failed test the ends of the servers' logs are printed.
 */
public final class EnsembleExtension implements ParameterResolver, BeforeEachCallback, AfterEachCallback {
    private static final int LOG_LINES = 60;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == EnsembleProcesses.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return ensemble(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        var ensemble = ensemble(context);
        try {
            ensemble.startAll();
        } catch (RuntimeException | Error notServing) {
            System.err.println(ensemble.logTails(LOG_LINES));
            throw notServing;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException()
                .filter(failure -> !(failure instanceof TestAbortedException))
                .isPresent()) {
            System.err.println(context.getDisplayName() + " failed; the servers last said:\n"
                    + ensemble(context).logTails(LOG_LINES));
        }
    }

    private static EnsembleProcesses ensemble(ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(EnsembleExtension.class))
                .computeIfAbsent(EnsembleProcesses.class, key -> EnsembleProcesses.prepare(3), EnsembleProcesses.class);
    }
}
