package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.app.console.PasswordHash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.openqa.selenium.Keys;

/**
 * The page of an ensemble of three in a browser, as an operator uses it. {@code -Dtroupe.docs.write} has the pictures in docs/pictures
 * taken anew. The last tests end nodes.
 */
@TestMethodOrder(OrderAnnotation.class)
class LivePageTest {
    private static final Path PICTURES = Path.of("..", "docs", "pictures");
    private static final boolean WRITE_DOCS = Boolean.getBoolean("troupe.docs.write");
    private static final String USER = "wendy";
    private static final String PASSWORD = "secret-word";
    private static final List<String> VIEWS = List.of("overview", "elections", "tree", "sessions", "queues", "events");

    /** Far more than it takes; how long it took is told. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static EnsembleProcesses ensemble;
    private static Browser browser;

    @BeforeAll
    static void start() {
        Browser.assumeInstalled();
        var troupe = new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.TEST);
        var user = USER + ":writer:" + PasswordHash.of(PASSWORD.toCharArray());
        ensemble = EnsembleProcesses.prepare(new HttpProgram(troupe, "127.0.0.1", List.of(user)), 3);
        var starting = CompletableFuture.supplyAsync(Browser::start);
        ensemble.startAll();
        browser = starting.join();
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

    @AfterEach
    void nothingWentWrongInThePage() {
        assertThat(browser.errors()).isEmpty();
    }

    private static void picture(String name) throws IOException {
        if (WRITE_DOCS) {
            browser.picture(PICTURES.resolve(name + ".png"));
        }
    }

    /** Some work for the ensemble, of whose session and znodes the page shows something. */
    private static void populate() throws Exception {
        try (var client = OfficialClient.connect(ensemble.connectString())) {
            for (var path : List.of("/app", "/app/jobs", "/app/locks")) {
                client.createText(path, "", CreateMode.PERSISTENT);
            }
            client.createText(
                    "/app/config",
                    "{\"pool\":{\"min\":2,\"max\":16},\"note\":\"<b>5 < 6</b>\"}",
                    CreateMode.PERSISTENT);
            for (var i = 0; i < 250; i++) {
                client.createText("/app/jobs/job-" + i, "job " + i, CreateMode.PERSISTENT);
            }
            // Pictures shall show more than the beginning.
            var end =
                    System.nanoTime() + Duration.ofSeconds(WRITE_DOCS ? 60 : 0).toNanos();
            for (var i = 0; System.nanoTime() < end; i++) {
                client.getData("/app/jobs/job-" + i % 250, false, null);
                if (i % (20 + i / 1_000 % 7 * 3) == 0) {
                    client.setData("/app/locks", new byte[] {1}, -1);
                }
            }
        }
    }

    @Test
    @Order(1)
    void everyNodeIsShownWithItsFiguresAndThePlotsMove() throws Exception {
        browser.open(ensemble.server(1));
        populate();
        browser.see("p.summary .good", "3 of 3 nodes answer");
        for (var id : List.of(1, 2, 3)) {
            browser.see("tr[data-node='" + id + "'] .good");
        }
        browser.see("tr[data-node='" + ensemble.awaitLeader().id() + "']", "leader");
        browser.see("section", "Nothing: all nodes serve and keep up.");
        browser.see("section", "had as long a log as any other");
        var drawn = "return document.querySelector('.plot .canvas path.line0').getAttribute('d')";
        await().atMost(EnsembleProcesses.PATIENCE)
                .until(() -> browser.script(drawn).toString().contains("L"));
        var before = browser.script(drawn);
        await().atMost(EnsembleProcesses.PATIENCE)
                .until(() -> !browser.script(drawn).equals(before));
        picture("overview-light");
        browser.dark();
        picture("overview-dark");
        browser.light();
    }

    @Test
    @Order(2)
    void theTreeIsBrowsedByKeysAlone() throws Exception {
        browser.view("tree");
        browser.see("[role=treeitem][data-path='/app']");
        browser.script("document.querySelector('[role=tree] [tabindex=\"0\"]').focus()");
        pressAt("/", Keys.ARROW_DOWN);
        pressAt("/app", Keys.ARROW_RIGHT);
        browser.see("[role=treeitem][data-path='/app/config']");
        pressAt("/app", Keys.ARROW_DOWN);
        pressAt("/app/config", Keys.ENTER);
        browser.see("pre", "\"min\": 2");
        assertThat(browser.see("pre").getText()).contains("<b>5 < 6</b>");
        picture("tree-light");
        pressAt("/app/config", Keys.ARROW_DOWN);
        pressAt("/app/jobs", Keys.ARROW_RIGHT);
        browser.see("[role=treeitem]", "the next of /app/jobs");
        var shown = "return document.querySelectorAll('[data-path^=\"/app/jobs/\"]').length";
        assertThat(browser.number(shown)).isEqualTo(100);
        pressAt("/app/jobs", Keys.ARROW_LEFT);
        browser.notSee("[data-path^='/app/jobs/']");
    }

    /** Presses a key once the focus is on this znode. */
    private static void pressAt(String path, Keys key) {
        browser.see("[role=treeitem][data-path='" + path + "']:focus");
        browser.press(key);
    }

    @Test
    @Order(3)
    void znodesAreFoundByAPartOfTheirName() {
        browser.view("tree");
        browser.fill("input[type=search]", "JOB-24");
        browser.press(Keys.ENTER);
        browser.see(".results", "11 matches among");
        browser.click(".results a", "/app/jobs/job-249");
        browser.see(".crumbs b", "job-249");
        browser.see("pre", "job 249");
    }

    @Test
    @Order(4)
    void changesNeedAUserAndThePageSaysHowToBecomeOne() throws Exception {
        browser.view("tree?path=/app/config");
        browser.click(".znode button", "Edit");
        browser.fill("textarea", "changed");
        browser.click("button.main", "Save");
        browser.click(".problem button", "Log in");
        browser.see("dialog", "bin/troupe password");
        browser.fill("dialog input[name=name]", USER);
        browser.fill("dialog input[name=password]", "wrong");
        browser.press(Keys.ENTER);
        browser.see("dialog .problem", "wrong");
        browser.fill("dialog input[name=password]", PASSWORD);
        browser.press(Keys.ENTER);
        browser.see(".user", USER);
        browser.click("button.main", "Save");
        browser.see("[role=status]", "Saved.");

        browser.click(".znode button", "New child");
        browser.fill(".znode input[name=name]", "made");
        browser.click("button.main", "Create");
        browser.see(".crumbs b", "made");
        try (var client = OfficialClient.connect(ensemble.connectString())) {
            client.syncAll();
            assertThat(client.text("/app/config")).isEqualTo("changed");
            assertThat(client.exists("/app/config/made", false)).isNotNull();
        }
        browser.click(".znode button", "Delete");
        browser.click("dialog[open] button.main", "Delete");
        browser.see(".crumbs b", "config");
        browser.see(".znode button:not([disabled])", "Delete");
    }

    @Test
    @Order(5)
    void aChangeToAnotherVersionThanWasSeenIsRefused() throws Exception {
        browser.view("tree?path=/app/jobs/job-1");
        browser.click(".znode button", "Edit");
        try (var client = OfficialClient.connect(ensemble.connectString())) {
            client.setData("/app/jobs/job-1", new byte[] {1}, -1);
        }
        browser.fill("textarea", "mine");
        browser.click("button.main", "Save");
        browser.see(".problem", "The znode has another version");
    }

    @Test
    @Order(6)
    void sessionsAndWhoWaitsForWhomAreShown() throws Exception {
        try (var first = OfficialClient.connect(ensemble.connectString());
                var second = OfficialClient.connect(ensemble.connectString())) {
            first.createText("/app/locks/lock-", "", CreateMode.EPHEMERAL_SEQUENTIAL);
            second.createText("/app/locks/lock-", "", CreateMode.EPHEMERAL_SEQUENTIAL);
            browser.view("sessions");
            browser.see("tbody tr", "0x" + Long.toHexString(first.getSessionId()));
            browser.see("tbody tr", "/app/locks/lock-0000000001");
            browser.view("queues");
            browser.see("[data-queue='/app/locks']", "lock, 1 waiting");
            assertThat(browser.see("[data-queue='/app/locks'] tbody tr").getText())
                    .contains("holds it", "0x" + Long.toHexString(first.getSessionId()));
            picture("queues-light");
        }
    }

    @Test
    @Order(7)
    void itFitsAPhoneKnowsTheDarkAndNamesEverything() throws Exception {
        var light = browser.script("return getComputedStyle(document.body).backgroundColor");
        browser.dark();
        assertThat(browser.script("return getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(light);
        browser.phone();
        for (var view : VIEWS) {
            browser.view(view);
            browser.see("main h1, main h2");
            assertThat(browser.number("return document.documentElement.scrollWidth"))
                    .as(view)
                    .isLessThanOrEqualTo(360);
            assertThat(browser.script(NAMELESS)).as("without a name in " + view).isEqualTo(List.of());
            assertThat(browser.script(TWICE)).as("ids used twice in " + view).isEqualTo(List.of());
        }
        browser.view("overview");
        browser.see("tr[data-node='3'] .badge.good");
        picture("overview-phone");
        browser.desktop();
        browser.light();
    }

    /** What can be reached by keys and would be read out without a name. */
    private static final String NAMELESS = """
            return [...document.querySelectorAll('button, a[href], input, select, textarea, [role=img], [role=tree], table, nav')]
              .filter(each => each.checkVisibility?.())
              .filter(each => !each.matches('table, nav') || each.matches('nav:not([aria-label])'))
              .filter(each => !(each.textContent.trim() || each.getAttribute('aria-label') || each.getAttribute('aria-labelledby')
                || each.labels?.length))
              .map(each => each.outerHTML.slice(0, 100))""";

    private static final String TWICE = """
            const ids = [...document.querySelectorAll('[id]')].map(each => each.id);
            return ids.filter((id, at) => ids.indexOf(id) !== at)""";

    @Test
    @Order(8)
    void anElectionIsSeenAsItHappens() throws Exception {
        var leader = ensemble.awaitLeader();
        var survivor = ensemble.server(leader.id() == 1 ? 2 : 1);
        browser.open(survivor);
        browser.view("elections");
        browser.see("article.election[data-leader='" + leader.id() + "']");
        leader.kill();
        browser.see("article.election:first-of-type[data-leader]:not([data-leader='" + leader.id() + "'])");
        var told =
                "const told = document.querySelector('article.election').dataset; return Number(told.seen) - Number(told.began)";
        var delay = Duration.ofMillis(browser.number(told));
        System.out.printf("The page showed the election %d ms after it had begun%n", delay.toMillis());
        assertThat(delay).isLessThan(SOON);
        browser.see("article.election:first-of-type", "lost the leader, node " + leader.id());
        browser.see("article.election:first-of-type tbody tr", "for node");
        picture("elections-light");
        browser.view("overview");
        browser.see("tr[data-node='" + leader.id() + "']", "does not answer");
        browser.see("section", "Node " + leader.id() + " does not answer");
        browser.view("events");
        browser.see("[role=log] li", "lost the leader");
    }

    @Test
    @Order(9)
    void aPageWhoseNodeDiesSaysSoAndGoesOnWhenItIsBack() {
        // The one that the page has been at since the leader was killed.
        var alive = ensemble.servers().stream().filter(ServerProcess::isAlive).toList();
        browser.see("p.summary", "2 of 3 nodes answer");
        alive.get(0).kill();
        browser.see(".banner", "Node " + alive.get(0).id() + " does not answer");
        assertThat(browser.see(".banner a").getText())
                .isEqualTo("node " + alive.get(1).id());
        alive.get(0).start();
        browser.notSee(".banner");
        browser.see("p.summary", "leads");
    }
}
