package io.troupe.bench;

import java.util.concurrent.CompletionStage;

/** A session of an application, by whichever client. */
interface ApiClient extends AutoCloseable {
    /** Bytes of each znode that is written and read. */
    int DATA_BYTES = 100;

    /** Read and written. */
    String PATH = "/actor-api";

    /** Creates {@link #PATH}. */
    void prepare() throws Exception;

    @Override
    void close();

    CompletionStage<?> getData();

    CompletionStage<?> setData();

    /**
     * Creates an ephemeral and deletes it.
     *
     * @param number of no other that is under way
     */
    CompletionStage<?> createAndDelete(long number);

    /** Begins one operation. */
    default CompletionStage<?> begin(ApiOperation operation, long number) {
        return switch (operation) {
            case GET_DATA -> getData();
            case SET_DATA -> setData();
            case CREATE_AND_DELETE -> createAndDelete(number);
        };
    }
}
