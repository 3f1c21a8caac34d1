package io.troupe.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window. */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the tests of the class where there is none. */
    static void assumeInstalled() {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "Chromium is not installed, so nobody looked at the page; on Debian: apt-get install chromium chromium-driver");
    }

    /** A browser with nothing in it. Driver and browser are named, so that nothing is looked for elsewhere. */
    static Browser start() {
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        var options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--hide-scrollbars");
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        var browser = new Browser(new ChromeDriver(service, options));
        browser.light();
        browser.desktop();
        return browser;
    }

    private void open(String address) {
        driver.get(address);
    }

    /** Opens a server's page, as soon as it has its HTTP port. */
    void open(ServerProcess server) {
        await("the HTTP port of node " + server.id())
                .atMost(EnsembleProcesses.PATIENCE)
                .ignoreExceptions()
                .until(() -> {
                    open("http://127.0.0.1:" + server.address().electionPort() + "/");
                    return number("return document.querySelectorAll('nav.views a').length") > 0;
                });
    }

    /** Goes to another view of the page that is open. */
    void view(String name) {
        script("location.hash = '#/' + arguments[0]", name);
        holds("document.querySelector(\"nav.views a[aria-current=page][href='#/" + name.replaceFirst("\\?.*", "")
                + "']\") !== null");
    }

    // ---- how it looks ----

    void desktop() {
        size(1280, 900, false);
    }

    void phone() {
        size(360, 740, true);
    }

    private void size(int width, int height, boolean mobile) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
    }

    void dark() {
        prefer("dark");
    }

    void light() {
        prefer("light");
    }

    private void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** A picture of what can be seen now. */
    void picture(Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    // ---- what is there ----

    /** The first element, once it is there. */
    WebElement see(String css) {
        return await(css)
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> find(css), Optional::isPresent)
                .orElseThrow();
    }

    /** The first element whose text has this in it, once there is one. */
    WebElement see(String css, String text) {
        return await(css + " with " + text)
                .atMost(EnsembleProcesses.PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> all(css).filter(element -> element.getText().contains(text))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Waits until an expression holds. Unlike elements that are seen, this keeps nothing of the document in memory. */
    void holds(String expression) {
        await(expression)
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> script("return Boolean(" + expression + ")").equals(true));
    }

    void notSee(String css) {
        await("no " + css)
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> find(css).isEmpty());
    }

    private Optional<WebElement> find(String css) {
        return all(css).findFirst();
    }

    private Stream<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css)).stream();
    }

    /** Calls a function body and answers what it returns: a text, a number, a flag, or a list of such. */
    Object script(String body, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(body, arguments), "");
    }

    long number(String body) {
        return ((Number) script(body)).longValue();
    }

    // ---- what one does ----

    /** Presses keys where the focus is. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    void click(String css, String text) {
        see(css, text).click();
    }

    void fill(String css, String text) {
        var field = see(css);
        field.clear();
        field.sendKeys(text);
    }

    // ---- how it does ----

    /** What went wrong in scripts, or was refused to them by the page's policy. Refusals by the node are answers, no errors. */
    List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .filter(message -> !message.contains("Failed to load resource"))
                .toList();
    }

    /** Bytes that its scripts hold on to. */
    long heapBytes() {
        driver.executeCdpCommand("HeapProfiler.collectGarbage", Map.of());
        return measured("Runtime.getHeapUsage", "usedSize");
    }

    /** Nodes of all documents, those in memory alone included. */
    long domNodes() {
        return measured("Memory.getDOMCounters", "nodes");
    }

    private long measured(String command, String what) {
        var told = driver.executeCdpCommand(command, Map.of());
        return ((Number) Objects.requireNonNull(told.get(what))).longValue();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
