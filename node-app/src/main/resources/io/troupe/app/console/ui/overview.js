// How the ensemble is: what is in the way, each node by its own word, and the plots of this one.
import {h, el, Component, badge} from './dom.js';
import {bytes, count, duration, millis, number, zxid} from './format.js';
import {Plot} from './plot.js';
import {happenings} from './events.js';
import {outcome} from './elections.js';

const MUCH_LAG = 1000;
const SLOW_FSYNC_MILLIS = 100;
const MANY_WAITING = 100;
const CLOCK_SKEW_MILLIS = 1000;

const ROLES = {leading: ['good', 'leader'], following: ['good', 'follower'], observing: ['info', 'observer'], looking: ['warn', 'looking']};

/** Changes that the node is behind, by the leader's word where it has one. */
function lag(state, node) {
  const leader = state.nodes.find(each => each.node === state.leader && each.answers);
  const known = leader?.says?.learners?.find(each => each.node === node.node)?.lag;
  return known ?? node.says?.lag ?? null;
}

function nodeTroubles(state, node) {
  const name = `Node ${node.node}`;
  if (!node.answers) {
    return [['bad', `${name} does not answer, for ${duration(node.silentMillis)}.`,
      'Is its process alive, and can the nodes reach each other?']];
  }
  const says = node.says;
  if (!node.told) {
    return [];
  }
  if (!says) {
    return [['info', `${name} answers, but its HTTP port is off, so it tells no more.`, 'Set troupe.http.port there.']];
  }
  const troubles = [];
  const say = (weight, what, remedy) => troubles.push([weight, what, remedy]);
  const rates = says.rates;
  const waiting = says.outstandingRequests;
  if (!says.serving) {
    say('bad', `${name} serves nobody: ${says.missing}.`, waiting > 0 ? `${count(waiting, 'request')} of its clients wait.` : '');
  } else if (waiting > MANY_WAITING) {
    say('warn', `${count(waiting, 'request')} wait at node ${node.node}.`, 'See whether its disk, or the leader, keeps up.');
  }
  if (rates?.fsyncMillis > SLOW_FSYNC_MILLIS) {
    say('warn', `Slow disk: an fsync takes ${millis(rates.fsyncMillis)} at node ${node.node}.`, 'Each write waits for a quorum of disks.');
  }
  const behind = lag(state, node);
  if (behind > MUCH_LAG) {
    say('warn', `${name} is ${count(behind, 'change')} behind.`, 'Its clients read what is older.');
  }
  if (says.diskTooFullForWrites) {
    say('bad', `The disk of node ${node.node} is nearly full: its clients cannot write.`, `${bytes(says.diskUsableBytes)} are left.`);
  }
  const skew = says.wallMillis - state.at + (node.silentMillis ?? 0);
  if (Math.abs(skew) > CLOCK_SKEW_MILLIS) {
    const off = `${duration(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}`;
    say('warn', `The clock of node ${node.node} is ${off}.`, 'Times of znodes come from the leader\'s.');
  }
  return troubles;
}

function troubles(state) {
  const found = state.nodes.flatMap(node => nodeTroubles(state, node));
  return el.section({class: 'card', 'aria-labelledby': 'way'},
    el.h2({id: 'way'}, 'What is in the way'),
    found.length === 0
      ? el.p(null, badge('good', 'Nothing: all nodes serve and keep up.'))
      : el.ul({class: 'plain'}, found.map(([weight, what, remedy]) =>
        el.li(null, badge(weight, what), ' ', el.span({class: 'quiet'}, remedy)))));
}

const COLUMNS = [
  ['Lag', (node, state) => number(lag(state, node)), 'changes behind'],
  ['Requests/s', node => number(node.says?.rates && node.says.rates.reads + node.says.rates.writes), 'of its clients'],
  ['Waiting', node => number(node.says?.outstandingRequests), 'requests without an answer'],
  ['Read', node => millis(node.says?.rates?.readMillis), 'mean'],
  ['Write', node => millis(node.says?.rates?.writeMillis), 'mean'],
  ['Fsync', node => millis(node.says?.rates?.fsyncMillis), 'mean'],
  ['Clients', node => number(node.says?.connections), 'connections'],
  ['Executed', node => zxid(node.says?.executedZxid), 'epoch/counter'],
  ['Disk free', node => bytes(node.says?.diskUsableBytes), ''],
];

function row(state, node) {
  const [weight, role] = node.answers && node.says ? ROLES[node.says.role] ?? ['info', node.says.role]
    : !node.answers ? ['bad', 'does not answer'] : node.told ? ['info', 'no figures'] : ['idle', 'is being asked'];
  const name = `node ${node.node}`;
  return el.tr({key: node.node, 'data-node': node.node, class: node.answers ? '' : 'old'},
    el.th({scope: 'row'}, node.self || !node.page ? name : el.a({href: node.page}, name),
      el.span({class: 'quiet'}, ` ${node.host}${node.self ? ', this page' : ''}${node.voter ? '' : ', no vote'}`)),
    el.td({'data-label': 'State'}, badge(weight, role),
      node.answers && node.says && el.span({class: 'quiet'}, ` ${node.says.phase}, ${duration(node.says.phaseMillis)}`)),
    COLUMNS.map(([label, show]) => el.td({class: 'figure', 'data-label': label}, show(node, state))));
}

function nodes(state) {
  return el.section({class: 'card', 'aria-labelledby': 'nodes'},
    el.h2({id: 'nodes'}, 'Nodes'),
    el.table({class: 'cards'},
      el.thead(null, el.tr(null, el.th({scope: 'col'}, 'Node'), el.th({scope: 'col'}, 'State'),
        COLUMNS.map(([label, , title]) => el.th({scope: 'col', class: 'figure', title}, label)))),
      el.tbody(null, state.nodes.map(node => row(state, node)))));
}

function plots(state, samples) {
  return el.section({class: 'card', 'aria-labelledby': 'plots'},
    el.h2({id: 'plots'}, `Node ${state.node}, the last five minutes`),
    el.div({class: 'plots'},
      h(Plot, {title: 'Requests/s', samples, format: number, lines: [['reads', 'reads'], ['writes', 'writes']]}),
      h(Plot, {title: 'Latency', samples, format: millis, lines: [['readMillis', 'reads'], ['writeMillis', 'writes']]}),
      h(Plot, {title: 'Changes/s of the ensemble', samples, format: number,
        lines: [['changes', 'changes'], ['waiting', 'waiting requests']]}),
      h(Plot, {title: 'Fsync of the log', samples, format: millis, lines: [['fsyncMillis', 'mean']]})));
}

function content(state) {
  const says = state.nodes.find(node => node.self)?.says;
  return says && el.section({class: 'card', 'aria-labelledby': 'content'},
    el.h2({id: 'content'}, 'In the tree'),
    el.dl({class: 'figures'},
      [['znodes', number(says.znodes)], ['ephemerals', number(says.ephemerals)], ['data', bytes(says.approximateDataBytes)],
        ['sessions', number(says.sessions)], ['watches here', number(says.watches)],
        ['proposals in flight', number(says.proposalsInFlight)]]
        .map(([label, value]) => el.div(null, el.dt(null, label), el.dd(null, value)))));
}

export class Overview extends Component {
  static lively = true;

  render({live: {state, samples, elections, happenings: all}}) {
    if (!state) {
      return el.p({class: 'quiet'}, 'Waiting for the node …');
    }
    return [
      el.h1({class: 'hidden'}, 'Overview'),
      troubles(state),
      nodes(state),
      plots(state, samples),
      el.div({class: 'pair'},
        el.section({class: 'card', 'aria-labelledby': 'why'}, el.h2({id: 'why'}, 'Why this leader'),
          elections.length > 0 ? outcome(elections[0]) : el.p({class: 'quiet'}, 'This node has seen no election.'),
          el.p(null, el.a({href: '#/elections'}, 'All elections with their votes'))),
        content(state)),
      el.section({class: 'card', 'aria-labelledby': 'lately'}, el.h2({id: 'lately'}, 'Lately'),
        happenings(all.slice(-6)), el.p(null, el.a({href: '#/events'}, 'All events'))),
    ];
  }
}
