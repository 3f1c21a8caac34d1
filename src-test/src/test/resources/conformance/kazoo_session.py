"""One session of kazoo against a running ensemble: python3 kazoo_session.py HOST:PORT,HOST:PORT,...

Prints each check as it passes. Once it prints "kill server at port N" and goes on when the caller, having killed that
server, writes a line. Exits 0 when everything held, otherwise with a traceback.
"""

import signal
import sys
import threading

from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import (
    BadVersionError,
    NodeExistsError,
    NoNodeError,
    NotEmptyError,
)
from kazoo.retry import KazooRetry

PATIENCE = 30
BASE = "/kazoo"


def check(what, holds):
    if not holds:
        raise AssertionError(what)
    print(what, flush=True)


def refused(error, action):
    try:
        action()
    except error:
        return True
    return False


def connect(hosts):
    client = KazooClient(
        hosts=hosts,
        timeout=20.0,
        connection_retry=KazooRetry(max_tries=-1, delay=0.1, max_delay=1),
        command_retry=KazooRetry(max_tries=-1, delay=0.1, max_delay=1),
    )
    client.start(timeout=PATIENCE)
    return client


def tree(client):
    client.create(BASE, b"root", makepath=True)
    client.create(BASE + "/node", "grüße".encode())
    data, stat = client.get(BASE + "/node")
    check("data is read back", data.decode() == "grüße")
    check("the stat is a fresh node's", stat.version == 0 and stat.czxid == stat.mzxid and stat.ephemeralOwner == 0)
    check("a write raises the version", client.set(BASE + "/node", b"2", version=0).version == 1)
    check("a stale version is refused", refused(BadVersionError, lambda: client.set(BASE + "/node", b"3", version=0)))
    check("a second creation is refused", refused(NodeExistsError, lambda: client.create(BASE + "/node")))
    check("a missing node is refused", refused(NoNodeError, lambda: client.get(BASE + "/missing")))
    check("a full node is not deleted", refused(NotEmptyError, lambda: client.delete(BASE)))
    first = client.create(BASE + "/seq-", sequence=True)
    second = client.create(BASE + "/seq-", sequence=True)
    check("sequence numbers ascend", first == BASE + "/seq-0000000001" and second == BASE + "/seq-0000000002")
    check("children are listed", sorted(client.get_children(BASE)) == ["node", "seq-0000000001", "seq-0000000002"])


def transaction(client):
    good = client.transaction()
    good.create(BASE + "/t", b"1")
    good.set_data(BASE + "/t", b"2")
    good.check(BASE + "/t", version=1)
    check("a transaction commits", good.commit()[0] == BASE + "/t")
    bad = client.transaction()
    bad.delete(BASE + "/t")
    bad.check(BASE + "/node", version=99)
    results = bad.commit()
    check("a failed transaction names the culprit", isinstance(results[1], BadVersionError))
    check("a failed transaction changes nothing", client.exists(BASE + "/t") is not None)


def ephemeral(client, hosts):
    other = connect(hosts)
    other.create(BASE + "/alive", ephemeral=True)
    client.sync("/")
    owner = client.exists(BASE + "/alive").ephemeralOwner
    check("an ephemeral names its session", owner == other.client_id[0])
    gone = threading.Event()
    client.exists(BASE + "/alive", watch=lambda event: gone.set())
    other.stop()
    other.close()
    check("an ephemeral goes with its session", gone.wait(PATIENCE) and client.exists(BASE + "/alive") is None)


def lock(client, hosts):
    other = connect(hosts)
    mine = client.Lock(BASE + "/lock", "mine")
    theirs = other.Lock(BASE + "/lock", "theirs")
    check("a free lock is taken", mine.acquire(timeout=PATIENCE))
    check("a held lock is not", not theirs.acquire(blocking=False))
    # The other one gave up at another server.
    client.sync(BASE)
    check("the contenders are known", client.Lock(BASE + "/lock").contenders() == ["mine"])
    mine.release()
    check("a released lock is taken", theirs.acquire(timeout=PATIENCE))
    theirs.release()
    other.stop()
    other.close()


def move(client):
    """The connected server dies; the session goes on elsewhere with its ephemerals and watches."""
    session = client.client_id[0]
    client.create(BASE + "/kept", ephemeral=True)
    changed = threading.Event()
    client.get(BASE + "/node", watch=lambda event: changed.set())
    states = []
    back = threading.Event()

    def remember(state):
        states.append(state)
        if state == KazooState.CONNECTED:
            back.set()

    client.add_listener(remember)
    port = client._connection._socket.getpeername()[1]
    print("kill server at port %d" % port, flush=True)
    sys.stdin.readline()
    check("the client connects elsewhere", back.wait(PATIENCE))
    check("the session was never lost", KazooState.LOST not in states and client.client_id[0] == session)
    client.retry(client.sync, "/")
    check("the ephemeral was kept", client.retry(client.exists, BASE + "/kept").ephemeralOwner == session)
    client.retry(client.set, BASE + "/node", b"after")
    check("the watch moved along", changed.wait(PATIENCE))


def main(hosts):
    signal.alarm(60)
    client = connect(hosts)
    tree(client)
    transaction(client)
    ephemeral(client, hosts)
    lock(client, hosts)
    move(client)
    client.retry(client.delete, BASE, recursive=True)
    client.stop()
    client.close()
    print("all checks passed", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
