package io.troupe.broadcast;

import io.troupe.ensemble.Zxid;
import io.troupe.log.LogProtocol;
import io.troupe.request.Batch;
import java.util.ArrayList;
import java.util.List;

/** A log that carries commands out in order, and makes batches durable when the test says so. */
final class ModelLog {
    private final Rig rig;
    private final List<Batch> batches = new ArrayList<>();
    private int durable;

    ModelLog(Rig rig) {
        this.rig = rig;
    }

    /** Carries out the next command; false when there is none. */
    boolean work() {
        LogProtocol.Command next = rig.log.takeNext();
        if (next instanceof LogProtocol.Append append) {
            batches.add(append.batch());
        } else if (next instanceof LogProtocol.SaveMeta save) {
            sync();
            save.replyTo().tell(new LogProtocol.MetaSaved(save.meta()));
        } else if (next instanceof LogProtocol.Locate locate) {
            long end = batches.stream()
                    .mapToLong(Batch::lastZxid)
                    .filter(z -> z <= locate.zxid())
                    .max()
                    .orElse(Zxid.NONE);
            locate.replyTo().tell(new LogProtocol.Located(locate.zxid(), end, false));
        } else if (next instanceof LogProtocol.Read read) {
            List<Batch> behind =
                    batches.stream().filter(b -> b.firstZxid() > read.zxid()).toList();
            read.replyTo().tell(new LogProtocol.Slice(read.zxid(), behind, false));
        } else if (next != null) {
            throw new AssertionError("a leader does not ask its log for " + next);
        }
        rig.settled();
        return next != null;
    }

    /** Ends an fsync of everything appended so far. */
    void sync() {
        if (durable < batches.size()) {
            durable = batches.size();
            rig.durable(batches.get(durable - 1).lastZxid());
        }
    }

    boolean holdsDurably(Batch batch) {
        return batches.subList(0, durable).contains(batch);
    }

    /** The whole history, byte for byte. */
    List<byte[]> images() {
        return batches.stream().map(Batch::image).toList();
    }
}
