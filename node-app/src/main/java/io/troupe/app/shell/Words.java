package io.troupe.app.shell;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.Parser;

/**
 * Splits lines as ZooKeeper's command line does: at white space, but for a word that begins with a quotation mark and goes on to
 * the next one. Nothing is an escape character.
 */
final class Words implements Parser {
    /** A word of a line, and where it stands there with its quotation marks. */
    private record Word(String text, int start, int end, boolean closed) {}

    /** The words of a line; none if it is empty. */
    static List<String> of(String line) throws CommandException {
        List<String> words = new ArrayList<>();
        for (Word word : split(line)) {
            if (!word.closed()) {
                throw CommandException.usage(
                        "a quotation mark at column " + (word.start() + 1) + " has no second one",
                        "close it, or put the word into marks of the other kind");
            }
            words.add(word.text());
        }
        return words;
    }

    private static List<Word> split(String line) {
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            char first = line.charAt(at);
            if (Character.isWhitespace(first)) {
                at++;
                continue;
            }
            boolean quoted = first == '"' || first == '\'';
            int from = quoted ? at + 1 : at;
            int to = from;
            while (to < line.length()
                    && !(quoted ? line.charAt(to) == first : Character.isWhitespace(line.charAt(to)))) {
                to++;
            }
            boolean closed = !quoted || to < line.length();
            int end = quoted && closed ? to + 1 : to;
            words.add(new Word(line.substring(from, to), at, end, closed));
            at = end;
        }
        return words;
    }

    @Override
    public CompletingParsedLine parse(String line, int cursor, ParseContext context) {
        List<Word> words = split(line);
        if (context == ParseContext.ACCEPT_LINE) {
            words.stream().filter(word -> !word.closed()).findFirst().ifPresent(word -> {
                throw new EOFError(-1, word.start(), "a quotation mark is open");
            });
        }
        List<String> texts = new ArrayList<>(words.stream().map(Word::text).toList());
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            if (cursor >= word.start() && cursor <= word.end()) {
                return new Parsed(line, cursor, texts, i, word.start(), word.end());
            }
        }
        // Between words: an empty one begins here.
        int index = (int) words.stream().filter(word -> word.end() < cursor).count();
        texts.add(index, "");
        return new Parsed(line, cursor, texts, index, cursor, cursor);
    }

    /** A line as JLine wants it. */
    private record Parsed(String line, int cursor, List<String> words, int wordIndex, int start, int end)
            implements CompletingParsedLine {
        private boolean quoted() {
            return start < end && (line.charAt(start) == '"' || line.charAt(start) == '\'');
        }

        @Override
        public String word() {
            return words.get(wordIndex);
        }

        @Override
        public int wordCursor() {
            return Math.max(0, Math.min(word().length(), cursor - start - (quoted() ? 1 : 0)));
        }

        @Override
        public int rawWordCursor() {
            return cursor - start;
        }

        @Override
        public int rawWordLength() {
            return end - start;
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            String text = candidate.toString();
            if (!quoted() && text.chars().noneMatch(Character::isWhitespace)) {
                return text;
            }
            char mark = quoted() ? line.charAt(start) : text.indexOf('"') < 0 ? '"' : '\'';
            return complete ? mark + text + mark : mark + text;
        }
    }
}
