package io.troupe.conformance.frames;

/** How values that differ from server to server are shown, so that texts of two servers can be compared. */
public interface Names {
    /** Shows everything as it is. */
    Names NONE = new Names() {
        @Override
        public String zxid(long zxid) {
            return Long.toString(zxid);
        }

        @Override
        public String session(long id) {
            return Long.toHexString(id);
        }
    };

    String zxid(long zxid);

    String session(long id);
}
