package io.troupe.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.jline.reader.CompletingParsedLine;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;

/** Lines become words as in ZooKeeper's command line. */
class WordsTest {
    @Test
    void quotationMarksCountOnlyAtTheBeginningOfAWord() throws Exception {
        assertThat(Words.of("  set /a  \"two words\" 'it''s' ")).containsExactly("set", "/a", "two words", "it", "s");
        assertThat(Words.of("set /a {\"k\":\"v\\n\"}")).containsExactly("set", "/a", "{\"k\":\"v\\n\"}");
        assertThat(Words.of("set /a ''")).containsExactly("set", "/a", "");
        assertThat(Words.of(" \t ")).isEmpty();
    }

    @Test
    void aCursorStandsInAWordOrWhereOneBegins() {
        CompletingParsedLine inside = new Words().parse("get /path", 6, ParseContext.COMPLETE);
        assertThat(inside.wordIndex()).isEqualTo(1);
        assertThat(inside.wordCursor()).isEqualTo(2);
        CompletingParsedLine behind = new Words().parse("get ", 4, ParseContext.COMPLETE);
        assertThat(behind.wordIndex()).isEqualTo(1);
        assertThat(behind.word()).isEmpty();
        assertThat(new Words().parse("", 0, ParseContext.COMPLETE).wordIndex()).isZero();
    }

    @Test
    void aCompletedWordKeepsItsMarks() {
        CompletingParsedLine open = new Words().parse("get '/a", 7, ParseContext.COMPLETE);
        assertThat(open.wordCursor()).isEqualTo(2);
        assertThat(open.rawWordCursor()).isEqualTo(3);
        assertThat(open.escape("/a b", true)).hasToString("'/a b'");
        CompletingParsedLine plain = new Words().parse("get /a", 6, ParseContext.COMPLETE);
        assertThat(plain.escape("/ab", true)).hasToString("/ab");
        assertThat(plain.escape("/a b", true)).hasToString("\"/a b\"");
    }
}
