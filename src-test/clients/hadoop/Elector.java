import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.ha.ActiveStandbyElector;
import org.apache.hadoop.ha.ActiveStandbyElector.ActiveStandbyElectorCallback;
import org.apache.hadoop.security.SecurityUtil.TruststoreKeystore;
import org.apache.zookeeper.ZooDefs.Ids;

/**
 * One contender of Hadoop's election, as the failover controller of a NameNode runs it. Started from its source by
 * HadoopElectorTest with Hadoop's own class path: Elector.java HOST:PORT,... PARENT-NODE NAME SESSION-MILLIS. Says what the
 * elector tells it, one line each, and at each line of its input who is active. Ends with its input.
 */
public final class Elector implements ActiveStandbyElectorCallback {
    private static final int ATTEMPTS = 3;
    private static final TruststoreKeystore NO_TLS = null;

    private Elector() {}

    public static void main(String[] args) throws Exception {
        var elector = new ActiveStandbyElector(
                args[0],
                Integer.parseInt(args[3]),
                args[1],
                Ids.OPEN_ACL_UNSAFE,
                List.of(),
                new Elector(),
                ATTEMPTS,
                NO_TLS);
        elector.ensureParentZNode();
        elector.joinElection(args[2].getBytes(StandardCharsets.UTF_8));
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (input.readLine() != null) {
            say("active is " + new String(elector.getActiveData(), StandardCharsets.UTF_8));
        }
        elector.quitElection(false);
    }

    @Override
    public void becomeActive() {
        say("become active");
    }

    @Override
    public void becomeStandby() {
        say("become standby");
    }

    @Override
    public void enterNeutralMode() {
        say("enter neutral mode");
    }

    @Override
    public void notifyFatalError(String message) {
        say("fatal: " + message);
        System.exit(1);
    }

    @Override
    public void fenceOldActive(byte[] data) {
        say("fence " + new String(data, StandardCharsets.UTF_8));
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
