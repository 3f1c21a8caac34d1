/*
 * One session of node-zookeeper-client against a running ensemble: node session.js HOST:PORT,HOST:PORT,... with the leader
 * first.
 *
 * Prints each check as it passes. Once it prints "kill the leader", to which it is connected, and goes on when the caller,
 * having done so, writes a line. Exits 0 when everything held, otherwise 1 with a trace.
 */
'use strict';

const readline = require('readline');
const { promisify } = require('util');
const zookeeper = require('node-zookeeper-client');

const { ACL, CreateMode, Event, Exception, Id, Permission, State } = zookeeper;

const BASE = '/node-client';
const PATIENCE = 30000;
const ATTEMPTS = 100;
const FAREWELL = 1000;

function check(what, holds) {
    if (!holds) {
        throw new Error('does not hold: ' + what);
    }
    console.log(what);
}

async function refused(what, code, request) {
    let answered = 'success';
    try {
        await request;
    } catch (error) {
        answered = error.getCode ? error.getCode() : error;
    }
    check(what + (answered === code ? '' : ' (answered: ' + answered + ')'), answered === code);
}

function within(what, promise) {
    let timer;
    const late = new Promise((resolve, reject) => {
        timer = setTimeout(() => reject(new Error('waited in vain: ' + what)), PATIENCE);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The client's methods with promises instead of callbacks. */
function promising(client) {
    const of = (name) => promisify(client[name].bind(client));
    return {
        client,
        create: of('create'),
        remove: of('remove'),
        removeRecursive: of('removeRecursive'),
        set: of('setData'),
        get: (path) => new Promise((resolve, reject) => {
            client.getData(path, (error, data, stat) => (error ? reject(error) : resolve({ data, stat })));
        }),
        exists: of('exists'),
        children: of('getChildren'),
        acl: of('getACL'),
        mkdirs: of('mkdirp'),
    };
}

function connect(hosts) {
    const client = zookeeper.createClient(hosts, { sessionTimeout: 20000, spinDelay: 100, retries: 20 });
    const connected = new Promise((resolve) => client.once('connected', resolve));
    client.connect();
    return within('a connection', connected).then(() => promising(client));
}

/** This client closes its own socket only when the server does, after the reply to its last request. */
function close(session) {
    const closed = new Promise((resolve) => session.client.once('disconnected', resolve));
    session.client.close();
    return within('the end of the connection', closed);
}

function id(session) {
    return session.client.getSessionId().toString('hex');
}

function port(session) {
    return session.client.connectionManager.socket.remotePort;
}

/** Leaves a watch on a node's data; answers a promise of its event. */
async function watchData(session, path) {
    let tell;
    const event = new Promise((resolve) => { tell = resolve; });
    await new Promise((resolve, reject) => {
        session.client.getData(path, tell, (error) => (error ? reject(error) : resolve()));
    });
    return { event };
}

async function tree(session) {
    await session.mkdirs(BASE + '/deep/down');
    check('a path is made', (await session.exists(BASE + '/deep/down')) !== null);
    check('a node is created', (await session.create(BASE + '/node', Buffer.from('grüße'))) === BASE + '/node');
    const { data, stat } = await session.get(BASE + '/node');
    check('data is read back', data.toString() === 'grüße');
    check('the stat is a fresh node\'s', stat.version === 0 && stat.czxid.equals(stat.mzxid));
    check('a write raises the version', (await session.set(BASE + '/node', Buffer.from('2'), 0)).version === 1);
    await refused('a stale version is refused', Exception.BAD_VERSION, session.set(BASE + '/node', Buffer.from('3'), 7));
    await refused('a second creation is refused', Exception.NODE_EXISTS, session.create(BASE + '/node'));
    await refused('a missing node is refused', Exception.NO_NODE, session.get(BASE + '/missing'));
    check('a missing node does not exist', (await session.exists(BASE + '/missing')) === null);
    await refused('a full node is not deleted', Exception.NOT_EMPTY, session.remove(BASE));
    check('children are listed', (await session.children(BASE)).sort().join() === 'deep,node');
    await session.removeRecursive(BASE + '/deep');
    check('a branch is deleted', (await session.exists(BASE + '/deep')) === null);
}

async function acl(session, hosts) {
    session.client.addAuthInfo('digest', Buffer.from('node:secret'));
    await session.create(BASE + '/mine', null, [new ACL(Permission.ALL, new Id('auth', ''))], CreateMode.PERSISTENT);
    const entries = await session.acl(BASE + '/mine');
    check('an ACL names the user', entries.length === 1 && entries[0].id.id.startsWith('node:'));
    const other = await connect(hosts);
    await refused('a stranger does not read it', Exception.NO_AUTH, other.get(BASE + '/mine'));
    await close(other);
}

async function ephemeralSequence(session) {
    const mode = CreateMode.EPHEMERAL_SEQUENTIAL;
    const first = await session.create(BASE + '/line-', null, ACL.OPEN_ACL_UNSAFE, mode);
    const second = await session.create(BASE + '/line-', null, ACL.OPEN_ACL_UNSAFE, mode);
    check('a sequence number has ten digits', /\/line-\d{10}$/.test(first));
    check('sequence numbers ascend', Number(second.slice(-10)) === Number(first.slice(-10)) + 1);
    const stat = await session.exists(first);
    check('an ephemeral names its session', stat.ephemeralOwner.toString('hex') === id(session));
    await refused('an ephemeral has no children', Exception.NO_CHILDREN_FOR_EPHEMERALS, session.create(first + '/child'));
}

async function transaction(session) {
    const results = await new Promise((resolve, reject) => {
        session.client.transaction()
            .create(BASE + '/t', Buffer.from('1'))
            .setData(BASE + '/t', Buffer.from('2'))
            .check(BASE + '/t', 1)
            .commit((error, all) => (error ? reject(error) : resolve(all)));
    });
    check('a transaction commits', results.length === 3 && results[0].path === BASE + '/t');
    check('its writes are read', (await session.get(BASE + '/t')).data.toString() === '2');
    const failed = await new Promise((resolve) => {
        session.client.transaction()
            .remove(BASE + '/t')
            .check(BASE + '/node', 99)
            .commit((error, all) => resolve({ error, all }));
    });
    check('a failed transaction names the culprit',
        failed.error.getCode() === Exception.BAD_VERSION && failed.all[1].err === Exception.BAD_VERSION);
    check('a failed transaction changes nothing', (await session.exists(BASE + '/t')) !== null);
}

async function watch(session, hosts) {
    const { event } = await watchData(session, BASE + '/t');
    const other = await connect(hosts);
    await other.set(BASE + '/t', Buffer.from('3'));
    const told = await within('the event', event);
    check('the watch tells of a write', told.getType() === Event.NODE_DATA_CHANGED && told.getPath() === BASE + '/t');
    check('after it the write is read', (await session.get(BASE + '/t')).data.toString() === '3');
    await close(other);
}

/** This client shuffles its list of servers, so it takes some attempts to meet the leader. */
async function connectToLeader(hosts) {
    const leader = Number(hosts.split(',')[0].split(':')[1]);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const session = await connect(hosts);
        if (port(session) === leader) {
            return session;
        }
        await close(session);
    }
    throw new Error('never connected to the leader, at port ' + leader);
}

function told() {
    const input = readline.createInterface({ input: process.stdin });
    return new Promise((resolve) => input.once('line', resolve)).finally(() => input.close());
}

async function leaderDies(session) {
    const before = { id: id(session), port: port(session) };
    const states = [];
    session.client.on('state', (state) => states.push(state));
    await session.create(BASE + '/kept', null, ACL.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    const { event } = await watchData(session, BASE + '/node');
    const back = new Promise((resolve) => session.client.once('connected', resolve));
    console.log('kill the leader');
    await told();
    await within('a new connection', back);
    check('the client connects elsewhere', port(session) !== before.port);
    check('the session was never lost', !states.includes(State.EXPIRED) && id(session) === before.id);
    await session.set(BASE + '/node', Buffer.from('after'));
    const changed = await within('the event', event);
    check('the watch moved along', changed.getType() === Event.NODE_DATA_CHANGED);
    const stat = await session.exists(BASE + '/kept');
    check('the ephemeral was kept', stat.ephemeralOwner.toString('hex') === before.id);
}

async function main(hosts) {
    const session = await connectToLeader(hosts);
    await tree(session);
    await acl(session, hosts);
    await ephemeralSequence(session);
    await transaction(session);
    await watch(session, hosts);
    await leaderDies(session);
    await session.removeRecursive(BASE);
    await close(session);
    console.log('all checks passed');
}

setTimeout(() => {
    console.error('not done in time');
    process.exit(1);
}, 3 * PATIENCE).unref();

main(process.argv[2]).catch((error) => {
    console.error(error);
    process.exitCode = 1;
    setTimeout(() => process.exit(), FAREWELL);
});
