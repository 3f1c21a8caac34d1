package io.troupe.app.clientport;

import io.troupe.edge.Frontend;
import io.troupe.edge.TreeReport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** The status words that a connection may send instead of a handshake (contract 1.11, 7.1). Thread-safe. */
final class FourLetterWords {
    private static final String NOT_SERVING = "This ZooKeeper instance is not currently serving requests\n";
    private static final int TELNET_CLOSE = 0xfff4fffd;

    /** How long the tree may take to answer; it is busy with requests first. */
    private static final long PATIENCE_SECONDS = 10;

    /** The words this server can answer. */
    private static final Set<String> ANSWERED = Set.of(
            "ruok", "isro", "srvr", "stat", "cons", "conf", "mntr", "envi", "dirs", "dump", "hash", "wchs", "wchc",
            "wchp", "crst", "srst", "gtmk", "stmk");

    private static final String SET_TRACE_MASK = "stmk";

    /** The mask that ZooKeeper starts with. */
    private static final long INITIAL_TRACE_MASK = 0b100110010;

    private static final Map<Integer, String> BY_NUMBER = byNumber();

    private final ClientPortSettings settings;
    private final StatusTexts texts;
    private final MonitorText monitor;
    private final Frontend node;

    /** Selects trace messages, of which this server has none: it is kept and shown for tools that set it. */
    private final AtomicLong traceMask = new AtomicLong(INITIAL_TRACE_MASK);

    FourLetterWords(ClientPortSettings settings, StatusTexts texts, MonitorText monitor, Frontend node) {
        this.settings = settings;
        this.texts = texts;
        this.monitor = monitor;
        this.node = node;
    }

    private static Map<Integer, String> byNumber() {
        Map<Integer, String> words = new TreeMap<>();
        ANSWERED.forEach(word -> words.put(number(word), word));
        return words;
    }

    private static int number(String word) {
        return ByteBuffer.wrap(word.getBytes(StandardCharsets.US_ASCII)).getInt();
    }

    /** Whether the first four bytes of a connection are a word and no length. */
    static boolean isWord(int firstBytes) {
        return firstBytes == TELNET_CLOSE || BY_NUMBER.containsKey(firstBytes);
    }

    /** How many bytes behind this word belong to it. A word that is not answered is not waited for. */
    int argumentBytes(int firstBytes) {
        return SET_TRACE_MASK.equals(BY_NUMBER.get(firstBytes)) && settings.answers(SET_TRACE_MASK) ? Long.BYTES : 0;
    }

    /** What to write before the connection is closed. */
    CompletionStage<String> answer(StatusWord asked) {
        String word = asked.text();
        if (!ANSWERED.contains(word)) {
            return CompletableFuture.completedFuture("");
        }
        if (!settings.answers(word)) {
            return CompletableFuture.completedFuture(word + " is not executed because it is not in the whitelist.\n");
        }
        return switch (word) {
            case "ruok" -> CompletableFuture.completedFuture("imok");
            case "isro" -> CompletableFuture.completedFuture(texts.access());
            case "envi" -> CompletableFuture.completedFuture(texts.environment());
            case "gtmk" -> CompletableFuture.completedFuture(Long.toString(traceMask.get()));
            case SET_TRACE_MASK -> CompletableFuture.completedFuture(Long.toString(setTraceMask(asked.argument())));
            default -> texts.serving() ? answerServing(word) : CompletableFuture.completedFuture(NOT_SERVING);
        };
    }

    long traceMask() {
        return traceMask.get();
    }

    long setTraceMask(long mask) {
        traceMask.set(mask);
        return mask;
    }

    private CompletionStage<String> answerServing(String word) {
        return switch (word) {
            case "srvr" -> CompletableFuture.completedFuture(texts.server());
            case "stat" -> texts.serverAndConnections();
            case "cons" -> texts.connections();
            case "conf" -> CompletableFuture.supplyAsync(texts::configuration);
            case "mntr" -> monitor.monitor();
            case "dirs" -> CompletableFuture.supplyAsync(texts::directories);
            case "dump" ->
                report(TreeReport.Part.SESSIONS, TreeTexts::sessions)
                        .thenCombine(texts.connectionDeadlines(), String::concat);
            case "hash" -> report(TreeReport.Part.DIGESTS, TreeTexts::digests);
            case "wchs" -> report(TreeReport.Part.WATCHES, TreeTexts::watchSummary);
            case "wchc" -> report(TreeReport.Part.WATCHES, TreeTexts::watchesBySession);
            case "wchp" -> report(TreeReport.Part.WATCHES, TreeTexts::watchesByPath);
            case "crst" -> texts.resetConnections();
            default -> CompletableFuture.completedFuture(texts.resetServer());
        };
    }

    private CompletionStage<String> report(TreeReport.Part part, Function<TreeReport, String> text) {
        return node.report(part)
                .toCompletableFuture()
                .thenApply(text)
                .completeOnTimeout(NOT_SERVING, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
