package io.troupe.scenario;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs tests, named as {@code package.Class} or {@code package.Class#method}, until all have ended. Prints the first failure.
 * Exit status: 0 when all passed, 1 when one failed, 2 when one was not found.
 */
public final class RunTests {
    private static final int LONGEST = 240;

    private RunTests() {}

    /** See the class. */
    public static void main(String[] tests) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(tests).map(RunTests::selector).toList())
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        List<TestExecutionSummary.Failure> failures = summary.getFailures();
        if (!failures.isEmpty()) {
            TestExecutionSummary.Failure first = failures.get(0);
            System.out.println("FAILED " + inOneLine(first.getException()));
            System.exit(1);
        }
        // Tests may leave threads behind that would keep the process.
        System.exit(summary.getTestsSucceededCount() < tests.length ? 2 : 0);
    }

    /** What a failure says last is what was found; before it comes what the test tells about itself. */
    private static String inOneLine(Throwable failure) {
        String text = String.valueOf(failure).replaceAll("\\s+", " ").strip();
        return text.length() <= LONGEST ? text : "..." + text.substring(text.length() - LONGEST);
    }

    private static DiscoverySelector selector(String test) {
        return test.contains("#") ? selectMethod(test) : selectClass(test);
    }
}
