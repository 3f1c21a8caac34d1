package io.troupe.tree.execute;

import io.troupe.ensemble.Membership;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;
import java.nio.charset.StandardCharsets;

/**
 * Puts a resolved list of members in force and shows it in {@code /zookeeper/config}, whose data version stays -1
 * (contract 2.3). The leader checked everything before it proposed this; not even the session can have gone wrong.
 */
final class ChangeMembersExecution {
    private ChangeMembersExecution() {}

    static Result execute(Operation.ChangeMembers op, Execution e) {
        Membership membership = e.tree().membership().committed(op.members(), e.zxid());
        byte[] text = membership.toConfigText().getBytes(StandardCharsets.UTF_8);
        ZnodeImage config = e.draft().get(ZnodePath.CONFIG);
        if (config == null) {
            return Execution.failed(ErrorCode.NO_NODE);
        }
        e.draft().changeData(ZnodePath.CONFIG, config.withData(text, -1, e.zxid(), e.timeMillis()));
        e.draft().add(new Change.MembersChanged(membership));
        return new Result.Data(text, e.draft().stat(ZnodePath.CONFIG));
    }
}
