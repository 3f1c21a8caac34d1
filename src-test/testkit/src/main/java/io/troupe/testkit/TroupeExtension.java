package io.troupe.testkit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives JUnit tests a running {@link TroupeEnsemble} as a parameter of the test, of its constructor or of the methods around it.
 * Held in a static field it is one ensemble for the whole class: after each test what was cut is healed and who was killed is started again,
 * and the znodes stay. Held in an instance field, each test has its own.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TroupeExtension TROUPE = TroupeExtension.of(3);
 *
 * @Test
 * void survivesTheLossOfTheLeader(TroupeEnsemble ensemble) { ... }
 * }</pre>
 *
 * <p>{@code @ExtendWith(TroupeExtension.class)} gives the class an ensemble of three.
 */
public final class TroupeExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final int USUAL_SIZE = 3;

    private final EnsembleBuilder builder;

    /** Three nodes. */
    public TroupeExtension() {
        this(TroupeEnsemble.of(USUAL_SIZE));
    }

    private TroupeExtension(EnsembleBuilder builder) {
        this.builder = builder;
    }

    /** @param size how many nodes */
    public static TroupeExtension of(int size) {
        return of(TroupeEnsemble.of(size));
    }

    /** Of nodes that are configured otherwise than usual. */
    public static TroupeExtension of(EnsembleBuilder builder) {
        return new TroupeExtension(builder);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ensemble(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        ensemble(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean shared = context.getParent()
                .map(classContext -> store(classContext).get(TroupeEnsemble.class))
                .isPresent();
        if (shared) {
            TroupeEnsemble ensemble = ensemble(context);
            ensemble.heal();
            ensemble.startAll();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TroupeEnsemble.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return ensemble(context);
    }

    private ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(Namespace.create(TroupeExtension.class, this));
    }

    /** The one of the class, where there is; JUnit closes it with the context that it was made for. */
    private TroupeEnsemble ensemble(ExtensionContext context) {
        return store(context).computeIfAbsent(TroupeEnsemble.class, key -> builder.start(), TroupeEnsemble.class);
    }
}
