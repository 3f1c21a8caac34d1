/*
 * One session of ZooKeeper's C client against a running ensemble: session HOST:PORT,HOST:PORT,... with the leader first.
 *
 * Prints each check as it passes. Once it prints "kill the leader", to which it is connected, and goes on when the caller,
 * having done so, writes a line. Exits 0 when everything held, otherwise 1 after saying on stderr what did not.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zookeeper/zookeeper.h>

#define BASE "/c-client"
#define PATIENCE_SECONDS 30
#define SESSION_MILLIS 20000

/** What a watcher has heard, and the means to wait for it. */
struct news {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int connections;
    int expired;
    int fired;
    int type;
    char path[128];
};

static void init(struct news *news) {
    memset(news, 0, sizeof *news);
    pthread_mutex_init(&news->mutex, NULL);
    pthread_cond_init(&news->changed, NULL);
}

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static void check(const char *what, int holds) {
    if (!holds) {
        fail("does not hold: %s", what);
    }
    puts(what);
}

static void expect(const char *what, int due, int answered) {
    if (due != answered) {
        fail("%s: %s (%d) is due, %s (%d) was answered", what, zerror(due), due, zerror(answered), answered);
    }
    puts(what);
}

static void on_session(zhandle_t *client, int type, int state, const char *path, void *context) {
    struct news *news = context;
    (void)client;
    (void)path;
    if (type != ZOO_SESSION_EVENT) {
        return;
    }
    pthread_mutex_lock(&news->mutex);
    if (state == ZOO_CONNECTED_STATE) {
        news->connections++;
    } else if (state == ZOO_EXPIRED_SESSION_STATE) {
        news->expired = 1;
    }
    pthread_cond_broadcast(&news->changed);
    pthread_mutex_unlock(&news->mutex);
}

static void on_change(zhandle_t *client, int type, int state, const char *path, void *context) {
    struct news *news = context;
    (void)client;
    (void)state;
    if (type == ZOO_SESSION_EVENT) {
        return;
    }
    pthread_mutex_lock(&news->mutex);
    news->fired++;
    news->type = type;
    snprintf(news->path, sizeof news->path, "%s", path);
    pthread_cond_broadcast(&news->changed);
    pthread_mutex_unlock(&news->mutex);
}

/** Waits until the counter, a member of news, has reached the given value; answers whether it did. */
static int reaches(struct news *news, const int *counter, int value) {
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += PATIENCE_SECONDS;
    pthread_mutex_lock(&news->mutex);
    while (*counter < value && pthread_cond_timedwait(&news->changed, &news->mutex, &end) != ETIMEDOUT) {
    }
    int reached = *counter >= value;
    pthread_mutex_unlock(&news->mutex);
    return reached;
}

static zhandle_t *connect_to(const char *hosts, struct news *news) {
    init(news);
    zhandle_t *client = zookeeper_init(hosts, on_session, SESSION_MILLIS, NULL, news, 0);
    if (client == NULL) {
        fail("zookeeper_init: %s", strerror(errno));
    }
    if (!reaches(news, &news->connections, 1)) {
        fail("no connection to %s", hosts);
    }
    return client;
}

static int connected_port(zhandle_t *client) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    struct sockaddr *answered = zookeeper_get_connected_host(client, (struct sockaddr *)&address, &length);
    if (answered == NULL) {
        return -1;
    }
    return ntohs(answered->sa_family == AF_INET6 ? ((struct sockaddr_in6 *)answered)->sin6_port
                                                 : ((struct sockaddr_in *)answered)->sin_port);
}

static int create(zhandle_t *client, const char *path, const char *data, int mode, char *name, int room) {
    return zoo_create(client, path, data, (int)strlen(data), &ZOO_OPEN_ACL_UNSAFE, mode, name, room);
}

static int set(zhandle_t *client, const char *path, const char *data, int version, struct Stat *stat) {
    return zoo_set2(client, path, data, (int)strlen(data), version, stat);
}

static int holds(zhandle_t *client, const char *path, const char *due, struct Stat *stat) {
    char data[256];
    int length = sizeof data;
    int answer = zoo_get(client, path, 0, data, &length, stat);
    return answer == ZOK && length == (int)strlen(due) && memcmp(data, due, strlen(due)) == 0;
}

static void tree(zhandle_t *client) {
    struct Stat stat;
    expect("a node is created", ZOK, create(client, BASE, "root", ZOO_PERSISTENT, NULL, 0));
    expect("a child is created", ZOK, create(client, BASE "/node", "gr\xc3\xbc\xc3\x9f" "e", ZOO_PERSISTENT, NULL, 0));
    check("data is read back", holds(client, BASE "/node", "gr\xc3\xbc\xc3\x9f" "e", &stat));
    check("the stat is a fresh node's", stat.version == 0 && stat.czxid == stat.mzxid && stat.ephemeralOwner == 0);
    expect("data is set", ZOK, set(client, BASE "/node", "2", 0, &stat));
    check("a write raises the version", stat.version == 1 && stat.mzxid > stat.czxid);
    expect("a stale version is refused", ZBADVERSION, set(client, BASE "/node", "3", 0, &stat));
    expect("a second creation is refused", ZNODEEXISTS, create(client, BASE "/node", "", ZOO_PERSISTENT, NULL, 0));
    expect("a missing node is refused", ZNONODE, zoo_exists(client, BASE "/missing", 0, &stat));
    expect("a full node is not deleted", ZNOTEMPTY, zoo_delete(client, BASE, -1));
    struct String_vector children;
    expect("children are asked for", ZOK, zoo_get_children2(client, BASE, 0, &children, &stat));
    check("children are listed", children.count == 1 && strcmp(children.data[0], "node") == 0 && stat.numChildren == 1);
    deallocate_String_vector(&children);
    expect("a container is created", ZOK, create(client, BASE "/container", "", ZOO_CONTAINER, NULL, 0));
}

static void acl(zhandle_t *client) {
    struct Id who = {.scheme = "auth", .id = ""};
    struct ACL entry = {.perms = ZOO_PERM_ALL, .id = who};
    struct ACL_vector mine = {.count = 1, .data = &entry};
    struct ACL_vector answered;
    struct Stat stat;
    expect("a password is accepted", ZOK, zoo_add_auth(client, "digest", "c:secret", 8, NULL, NULL));
    expect("a node is kept private", ZOK, zoo_create(client, BASE "/mine", "", 0, &mine, 0, NULL, 0));
    expect("an ACL is asked for", ZOK, zoo_get_acl(client, BASE "/mine", &answered, &stat));
    check("an ACL names the user",
          answered.count == 1 && strcmp(answered.data[0].id.scheme, "digest") == 0
              && strncmp(answered.data[0].id.id, "c:", 2) == 0);
    deallocate_ACL_vector(&answered);
}

static void strangers(const char *hosts) {
    struct news news;
    zhandle_t *other = connect_to(hosts, &news);
    char data[16];
    int length = sizeof data;
    expect("a stranger does not read it", ZNOAUTH, zoo_get(other, BASE "/mine", 0, data, &length, NULL));
    zookeeper_close(other);
}

static void ephemeral_sequence(zhandle_t *client) {
    char first[128];
    char second[128];
    struct Stat stat;
    int mode = ZOO_EPHEMERAL_SEQUENTIAL;
    expect("a first in line", ZOK, create(client, BASE "/line-", "", mode, first, sizeof first));
    expect("a second in line", ZOK, create(client, BASE "/line-", "", mode, second, sizeof second));
    check("a sequence number has ten digits", strlen(first) == strlen(BASE "/line-") + 10);
    check("sequence numbers ascend",
          atoi(second + strlen(BASE "/line-")) == atoi(first + strlen(BASE "/line-")) + 1);
    expect("an ephemeral exists", ZOK, zoo_exists(client, first, 0, &stat));
    check("an ephemeral names its session", stat.ephemeralOwner == zoo_client_id(client)->client_id);
    expect("an ephemeral has no children", ZNOCHILDRENFOREPHEMERALS,
           create(client, strcat(first, "/child"), "", ZOO_PERSISTENT, NULL, 0));
}

static void multi(zhandle_t *client) {
    char path[128];
    struct Stat stat;
    zoo_op_t good[3];
    zoo_op_result_t done[3];
    zoo_create_op_init(&good[0], BASE "/t", "1", 1, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path);
    zoo_set_op_init(&good[1], BASE "/t", "2", 1, 0, &stat);
    zoo_check_op_init(&good[2], BASE "/t", 1);
    expect("a transaction commits", ZOK, zoo_multi(client, 3, good, done));
    check("each operation has its result",
          done[0].err == ZOK && strcmp(path, BASE "/t") == 0 && done[1].err == ZOK && stat.version == 1
              && done[2].err == ZOK);
    zoo_op_t bad[2];
    zoo_delete_op_init(&bad[0], BASE "/t", -1);
    zoo_check_op_init(&bad[1], BASE "/node", 99);
    expect("a transaction fails as its culprit", ZBADVERSION, zoo_multi(client, 2, bad, done));
    check("a failed transaction names the culprit", done[0].err == ZOK && done[1].err == ZBADVERSION);
    expect("a failed transaction changes nothing", ZOK, zoo_exists(client, BASE "/t", 0, &stat));
}

static void watch(zhandle_t *client, const char *hosts) {
    struct news news;
    struct news others;
    char data[16];
    int length = sizeof data;
    init(&news);
    expect("a watch is left", ZOK, zoo_wget(client, BASE "/t", on_change, &news, data, &length, NULL));
    zhandle_t *other = connect_to(hosts, &others);
    expect("another session writes", ZOK, set(other, BASE "/t", "3", -1, NULL));
    check("the watch tells of it",
          reaches(&news, &news.fired, 1) && news.type == ZOO_CHANGED_EVENT && strcmp(news.path, BASE "/t") == 0);
    check("after it the write is read", holds(client, BASE "/t", "3", NULL));
    expect("another session goes", ZOK, zookeeper_close(other));
}

/** A write that may meet the loss of the connection is tried again. */
static int persistent_set(zhandle_t *client, const char *path, const char *data) {
    int answer;
    int tries = 0;
    do {
        answer = set(client, path, data, -1, NULL);
    } while ((answer == ZCONNECTIONLOSS || answer == ZOPERATIONTIMEOUT) && tries++ < 5);
    return answer;
}

static void leader_dies(zhandle_t *client, struct news *session) {
    struct news news;
    struct Stat stat;
    char line[64];
    char data[16];
    int length = sizeof data;
    init(&news);
    int64_t id = zoo_client_id(client)->client_id;
    int port = connected_port(client);
    int connections = session->connections;
    expect("an ephemeral is left", ZOK, create(client, BASE "/kept", "", ZOO_EPHEMERAL, NULL, 0));
    expect("a last watch is left", ZOK, zoo_wget(client, BASE "/node", on_change, &news, data, &length, NULL));
    puts("kill the leader");
    if (fgets(line, sizeof line, stdin) == NULL) {
        fail("nobody answered");
    }
    check("the client connects elsewhere",
          reaches(session, &session->connections, connections + 1) && connected_port(client) != port);
    check("the session was never lost", !session->expired && zoo_client_id(client)->client_id == id);
    expect("a write goes through", ZOK, persistent_set(client, BASE "/node", "after"));
    check("the watch moved along", reaches(&news, &news.fired, 1) && news.type == ZOO_CHANGED_EVENT);
    expect("the ephemeral was kept", ZOK, zoo_exists(client, BASE "/kept", 0, &stat));
    check("the ephemeral still names the session", stat.ephemeralOwner == id);
}

/** Leaves nothing behind; what is ephemeral goes with the session. */
static void tidy(zhandle_t *client) {
    struct String_vector children;
    char path[256];
    expect("all that is left is listed", ZOK, zoo_get_children(client, BASE, 0, &children));
    for (int i = 0; i < children.count; i++) {
        snprintf(path, sizeof path, BASE "/%s", children.data[i]);
        expect(path, ZOK, zoo_delete(client, path, -1));
    }
    deallocate_String_vector(&children);
    expect("all of it is deleted", ZOK, zoo_delete(client, BASE, -1));
}

int main(int count, char **arguments) {
    if (count != 2) {
        fail("usage: session HOST:PORT,HOST:PORT,...");
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    alarm(90);
    zoo_set_debug_level(ZOO_LOG_LEVEL_WARN);
    zoo_deterministic_conn_order(1);
    struct news session;
    zhandle_t *client = connect_to(arguments[1], &session);
    tree(client);
    acl(client);
    strangers(arguments[1]);
    ephemeral_sequence(client);
    multi(client);
    watch(client, arguments[1]);
    leader_dies(client, &session);
    tidy(client);
    expect("the session is closed", ZOK, zookeeper_close(client));
    puts("all checks passed");
    return 0;
}
