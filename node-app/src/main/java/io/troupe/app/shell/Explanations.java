package io.troupe.app.shell;

import org.apache.zookeeper.KeeperException;

/** What an error of the protocol means to whoever typed the command. */
final class Explanations {
    private Explanations() {}

    static CommandException of(KeeperException e, String server) {
        String path = e.getPath() == null ? "the znode" : e.getPath();
        return switch (e.code()) {
            case NONODE ->
                failed(e, "Node does not exist: " + path, "create it first, or look with ls at what is there");
            case NODEEXISTS ->
                failed(
                        e,
                        "Node already exists: " + path,
                        "use set to change its data, or create -s for a name of its own");
            case NOTEMPTY ->
                failed(e, "Node not empty: " + path, "use deleteall to delete it with everything below it");
            case NOAUTH ->
                failed(
                        e,
                        "Insufficient permission : " + path,
                        "getAcl shows who may; identify yourself with addauth, digest user:password say");
            case BADVERSION ->
                failed(e, "version No is not valid : " + path, "it was changed meanwhile: stat shows its version now");
            case INVALIDACL ->
                failed(
                        e,
                        "Acl is not valid : " + path,
                        "write scheme:id:perms, world:anyone:cdrwa say; auth::perms needs addauth first");
            case NOCHILDRENFOREPHEMERALS ->
                failed(e, "Ephemerals cannot have children: " + path, "create it below a znode that is not ephemeral");
            case EPHEMERALONLOCALSESSION ->
                failed(
                        e,
                        "Unable to create ephemeral node on a local session",
                        "connect to a server without local sessions");
            case NOTREADONLY ->
                failed(
                        e,
                        "Not a read-only call: " + path,
                        "the server has lost its quorum: wait, or connect to another one");
            case QUOTAEXCEEDED ->
                failed(e, "Quota has exceeded : " + path, "listquota of it or of a parent shows the limits");
            case RECONFIGINPROGRESS ->
                failed(e, "Another reconfiguration is in progress", "wait for it and look at config, then try again");
            case NEWCONFIGNOQUORUM ->
                failed(
                        e,
                        "No quorum of the new configuration is connected and up to date",
                        "start its servers, wait until they serve, then try again");
            case RECONFIGDISABLED -> failed(e, "reconfig is disabled at the server", "set reconfigEnabled=true there");
            case NOWATCHER -> failed(e, "No watch of this kind on " + path, "an addWatch or a -w sets one");
            case AUTHFAILED, CONNECTIONLOSS, SESSIONEXPIRED -> ofConnection(e, server);
            case BADARGUMENTS ->
                failed(e, "Arguments are not valid", "help shows what each command takes, config the members");
            case UNIMPLEMENTED -> failed(e, "The server does not know this command or kind of znode", "");
            default -> failed(e, String.valueOf(e.getMessage()), "");
        };
    }

    private static CommandException ofConnection(KeeperException e, String server) {
        String look = "it may have been done or not: look before you repeat it";
        return switch (e.code()) {
            case CONNECTIONLOSS -> failed(e, "Lost the connection to " + server + " while the command ran", look);
            case SESSIONEXPIRED -> failed(e, "The session expired while the command ran", look);
            default -> failed(e, "Authentication failed at " + server, "the session is lost: connect opens a new one");
        };
    }

    private static CommandException failed(KeeperException e, String message, String remedy) {
        return CommandException.failed(e.code().name(), message, remedy);
    }
}
