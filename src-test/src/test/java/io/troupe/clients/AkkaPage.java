package io.troupe.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** {@code docs/akka.md}, whose configuration is that of the tests. */
final class AkkaPage {
    private AkkaPage() {}

    /** The first configuration under a heading. */
    static String configuration(String heading) {
        var page = Path.of("..", "docs", "akka.md");
        try {
            var block = Pattern.compile(
                            "^## " + Pattern.quote(heading) + "\n.*?```hocon\n(.*?)```",
                            Pattern.DOTALL | Pattern.MULTILINE)
                    .matcher(Files.readString(page));
            if (!block.find()) {
                throw new IllegalStateException(page + " has no configuration under " + heading);
            }
            return block.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
