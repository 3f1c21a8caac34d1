package io.troupe.app.clientport.jute;

/** The request types of the protocol (contract 1.4). */
public final class OpCode {
    public static final int NOTIFICATION = 0;
    public static final int CREATE = 1;
    public static final int DELETE = 2;
    public static final int EXISTS = 3;
    public static final int GET_DATA = 4;
    public static final int SET_DATA = 5;
    public static final int GET_ACL = 6;
    public static final int SET_ACL = 7;
    public static final int GET_CHILDREN = 8;
    public static final int SYNC = 9;
    public static final int PING = 11;
    public static final int GET_CHILDREN2 = 12;
    public static final int CHECK = 13;
    public static final int MULTI = 14;
    public static final int CREATE2 = 15;
    public static final int RECONFIG = 16;
    public static final int CHECK_WATCHES = 17;
    public static final int REMOVE_WATCHES = 18;
    public static final int CREATE_CONTAINER = 19;
    public static final int DELETE_CONTAINER = 20;
    public static final int CREATE_TTL = 21;
    public static final int MULTI_READ = 22;
    public static final int AUTH = 100;
    public static final int SET_WATCHES = 101;
    public static final int SASL = 102;
    public static final int GET_EPHEMERALS = 103;
    public static final int GET_ALL_CHILDREN_NUMBER = 104;
    public static final int SET_WATCHES2 = 105;
    public static final int ADD_WATCH = 106;
    public static final int WHO_AM_I = 107;
    public static final int CLOSE_SESSION = -11;

    /** In a multi's headers: an error result, and the end of the list. */
    public static final int ERROR = -1;

    /** What {@code cons} shows as a connection's last operation when that was its being given a new session. */
    public static final String NEW_SESSION_NAME = "SESS";

    private OpCode() {}

    /** Whether requests of this type go to every node. */
    public static boolean isReplicated(int type) {
        return switch (type) {
            case CREATE,
                    CREATE2,
                    CREATE_CONTAINER,
                    CREATE_TTL,
                    DELETE,
                    DELETE_CONTAINER,
                    SET_DATA,
                    SET_ACL,
                    MULTI,
                    RECONFIG,
                    CLOSE_SESSION -> true;
            default -> false;
        };
    }

    /** The word with which ZooKeeper's {@code cons} names a connection's last operation. */
    public static String shortName(int type) {
        return switch (type) {
            case CREATE, CREATE2, CREATE_CONTAINER, CREATE_TTL -> "CREA";
            case DELETE, DELETE_CONTAINER -> "DELE";
            case EXISTS -> "EXIS";
            case GET_DATA -> "GETD";
            case SET_DATA -> "SETD";
            case GET_ACL -> "GETA";
            case SET_ACL -> "SETA";
            case GET_CHILDREN, GET_CHILDREN2 -> "GETC";
            case SYNC -> "SYNC";
            case PING -> "PING";
            case MULTI -> "MULT";
            case RECONFIG -> "RECO";
            case MULTI_READ -> "MLTR";
            case SET_WATCHES -> "SETW";
            case SET_WATCHES2 -> "STW2";
            case ADD_WATCH -> "ADDW";
            case REMOVE_WATCHES -> "REMW";
            case CHECK_WATCHES -> "CHKW";
            case GET_EPHEMERALS -> "GETE";
            case GET_ALL_CHILDREN_NUMBER -> "GETACN";
            case WHO_AM_I -> "HOMI";
            case CLOSE_SESSION -> "CLOS";
            default -> "NA";
        };
    }
}
