package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.openqa.selenium.Keys;

/**
 * The page is open for long while its ensemble works, and its views are gone through again and again: what the browser holds does not
 * grow. And among very many znodes it is as quick as among few. {@code troupe.test.page.minutes} says how long the former takes, an hour
 * with {@code -Psoak}.
 */
@EnabledIfSystemProperty(named = "troupe.test.page.minutes", matches = "\\d+")
class LivePageSoakTest {
    private static final int MINUTES = Integer.getInteger("troupe.test.page.minutes", 60);
    private static final int ZNODES = Integer.getInteger("troupe.test.page.znodes", 1_000_000);
    private static final int AT_ONCE = 1_000;
    private static final int SECONDS_A_VIEW = 2;
    private static final long MEBIBYTE = 1 << 20;

    /** What the browser may hold more at the end than after a minute: it compiles its scripts anew now and then. */
    private static final long SLACK_BYTES = 3 * MEBIBYTE;

    private static EnsembleProcesses ensemble;
    private static Browser browser;

    @BeforeAll
    static void start() {
        Browser.assumeInstalled();
        var troupe = new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.BENCHMARK);
        ensemble = EnsembleProcesses.prepare(new HttpProgram(troupe, "127.0.0.1", List.of()), 3);
        ensemble.startAll();
        browser = Browser.start();
    }

    /** A page of its own for each test: one goes round for ever. */
    @BeforeEach
    void open() {
        browser.open(ensemble.server(1));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (ensemble != null) {
            ensemble.close();
        }
    }

    @Test
    void amongVeryManyZnodesAPageOfThemIsReadAsAmongFew() throws Exception {
        try (var client = OfficialClient.connect(ensemble.connectString(), OfficialClient.PATIENT_TIMEOUT_MILLIS)) {
            client.createText("/many", "", CreateMode.PERSISTENT);
            for (var first = 0; first < ZNODES; first += AT_ONCE) {
                List<Op> creates = new ArrayList<>();
                for (var i = first; i < Math.min(ZNODES, first + AT_ONCE); i++) {
                    creates.add(Op.create("/many/z" + i, new byte[0], OfficialClient.OPEN, CreateMode.PERSISTENT));
                }
                client.multi(creates);
            }
        }
        browser.view("tree");
        browser.holds("document.querySelector(\"[data-path='/many']\")");
        var began = System.nanoTime();
        browser.script("document.querySelector(\"[data-path='/many'] .twist\").click()");
        browser.holds("document.querySelector(\"[data-path^='/many/z']\")");
        var toOpen = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        var nodes = browser.domNodes();
        var first = "return document.querySelector(\"[data-path^='/many/z']\").dataset.path";
        for (var turn = 0; turn < 30; turn++) {
            var before = browser.script(first);
            browser.script("[...document.querySelectorAll('.turn')].at(-1).click()");
            await().atMost(EnsembleProcesses.PATIENCE)
                    .until(() -> !browser.script(first).equals(before));
        }
        browser.heapBytes();
        assertThat(browser.domNodes()).isLessThan(2 * nodes);
        browser.fill("input[type=search]", "/many/z99999");
        browser.press(Keys.ENTER);
        browser.see(".results a", "/many/z99999");
        System.out.printf(
                "Among %,d siblings a page was there after %d ms, with %d nodes in the document%n",
                ZNODES, toOpen, nodes);
    }

    @Test
    void whatTheBrowserHoldsDoesNotGrow() throws Exception {
        var stopping = new AtomicBoolean();
        var working = new Thread(() -> work(stopping), "work");
        working.start();
        try {
            goRound();
            awaitMinutes(1);
            var early = browser.heapBytes();
            var earlyNodes = browser.domNodes();
            awaitMinutes(MINUTES);
            var late = browser.heapBytes();
            var lateNodes = browser.domNodes();
            System.out.printf(
                    "After 1 minute the page held %.1f MiB and %d nodes, after %d minutes %.1f MiB and %d nodes%n",
                    (double) early / MEBIBYTE, earlyNodes, MINUTES, (double) late / MEBIBYTE, lateNodes);
            assertThat(late).isLessThan(early + SLACK_BYTES);
            assertThat(lateNodes).isLessThan(2 * earlyNodes);
            assertThat(browser.errors()).isEmpty();
        } finally {
            stopping.set(true);
            working.join();
        }
    }

    /** Has the page go through all views by itself: the driver holds on to something of every script that it is asked to run. */
    private static void goRound() {
        browser.script("""
                const views = ['elections', 'tree', 'sessions', 'queues', 'events', 'overview'];
                let steps = 0;
                setInterval(() => {
                  location.hash = `#/${views[steps++ % views.length]}`;
                  document.documentElement.dataset.rounds = Math.floor(steps / views.length);
                }, 1000 * arguments[0])""", SECONDS_A_VIEW);
    }

    /** Waits until all views were gone through for so long. */
    private static void awaitMinutes(int minutes) {
        var rounds = minutes * 60 / (6 * SECONDS_A_VIEW);
        await().pollInterval(Duration.ofSeconds(10))
                .atMost(Duration.ofMinutes(2L * minutes).plus(EnsembleProcesses.PATIENCE))
                .until(() -> browser.number("return Number(document.documentElement.dataset.rounds ?? 0)") >= rounds);
    }

    /** Sessions come and go, and something is written all the time. */
    private static void work(AtomicBoolean stopping) {
        while (!stopping.get()) {
            try (var client = OfficialClient.connect(ensemble.connectString())) {
                for (var i = 0; i < 500 && !stopping.get(); i++) {
                    client.createText("/soak-", "x", CreateMode.EPHEMERAL_SEQUENTIAL);
                    client.getData("/zookeeper", false, null);
                }
            } catch (Exception e) {
                throw new IllegalStateException("the ensemble should serve all the time", e);
            }
        }
    }
}
