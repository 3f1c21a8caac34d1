package io.troupe.app.console;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One thing that can be asked.
 *
 * @param method GET, which stands for HEAD too, POST, PUT or DELETE
 * @param path what the request names; {@code /{name}} at its end stands for one more part, whatever it is
 * @param access by what stands for the parameter
 * @param handler called by one of few threads: it must not wait
 */
record Route(String method, String path, Function<String, Access> access, Handler handler) {
    /** One that asks the same of everybody. */
    Route(String method, String path, Access access, Handler handler) {
        this(method, path, parameter -> access, handler);
    }

    private static final String PARAMETER = "/{name}";

    /** Answers a request. */
    @FunctionalInterface
    interface Handler {
        /**
         * The answer, or a {@link Problem}, thrown or as the stage's failure.
         */
        CompletionStage<Reply> answer(Exchange exchange);
    }

    /** What stands for the parameter in this path, empty where there is none; nothing where the path is another. */
    Optional<String> match(String asked) {
        if (!path.endsWith(PARAMETER)) {
            return path.equals(asked) ? Optional.of("") : Optional.empty();
        }
        int start = path.length() - PARAMETER.length() + 1;
        boolean matches =
                asked.length() > start && asked.startsWith(path.substring(0, start)) && asked.indexOf('/', start) < 0;
        return matches ? Optional.of(asked.substring(start)) : Optional.empty();
    }

    boolean answers(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }

    /** Those of several parts of the port. */
    @FunctionalInterface
    interface Source {
        List<Route> routes();
    }
}
