package io.troupe.testkit;

import org.junit.jupiter.api.Test;

class StartTimeTest {
    @Test
    void times() {
        for (int size : new int[] {1, 3, 1, 3, 3, 5, 1}) {
            long t = System.nanoTime();
            TroupeEnsemble e = TroupeEnsemble.start(size);
            long t1 = System.nanoTime();
            int leader = e.leader();
            e.kill(leader);
            long t2 = System.nanoTime();
            if (size > 1) e.leader();
            long t3 = System.nanoTime();
            e.restart(leader);
            long t4 = System.nanoTime();
            e.close();
            long t5 = System.nanoTime();
            System.err.println("MEASURED size " + size + " start " + (t1 - t) / 1000000 + " kill " + (t2 - t1) / 1000000 + " next leader " + (t3 - t2)/1000000+ " restart " + (t4 - t3)/1000000+ " close " + (t5 - t4)/1000000);
        }
    }
}
