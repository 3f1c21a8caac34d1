package io.troupe.bench;

/** What {@link ActorApiMain} does with an ensemble. */
enum ApiOperation {
    GET_DATA("getData"),
    SET_DATA("setData"),
    /** Of an ephemeral, the deletion once the creation is answered. */
    CREATE_AND_DELETE("create, then delete");

    private final String words;

    ApiOperation(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
