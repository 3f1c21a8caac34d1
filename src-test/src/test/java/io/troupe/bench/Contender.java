package io.troupe.bench;

/** Who is measured. */
enum Contender {
    ZOOKEEPER("ZooKeeper"),
    TROUPE("Troupe");

    private final String shown;

    Contender(String shown) {
        this.shown = shown;
    }

    @Override
    public String toString() {
        return shown;
    }
}
