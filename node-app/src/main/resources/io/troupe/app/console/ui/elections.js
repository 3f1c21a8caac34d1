// The last elections with each vote, as this node saw them, and why each went as it did.
import {el, Component, badge} from './dom.js';
import {clock, duration, moment, zxid} from './format.js';

/** What decided between the winner and the best of the others: the order of votes is epoch, then zxid, then id. */
function decision(election) {
  const candidates = new Map();
  for (const vote of election.votes.filter(each => !each.settled)) {
    candidates.set(vote.candidate, vote);
  }
  const winner = candidates.get(election.leader);
  const others = [...candidates.values()].filter(each => each.candidate !== election.leader);
  if (!winner || others.length === 0) {
    return '';
  }
  const name = `Node ${winner.candidate}`;
  if (others.every(each => each.epoch < winner.epoch)) {
    return `${name} had the latest epoch, ${winner.epoch}. `;
  }
  const rivals = others.filter(each => each.epoch === winner.epoch);
  if (rivals.every(each => BigInt(each.zxid) < BigInt(winner.zxid))) {
    return `${name} had the longest log, up to ${zxid(winner.zxid)}. `;
  }
  if (rivals.every(each => each.zxid !== winner.zxid || each.candidate < winner.candidate)) {
    return `${name} had as long a log as any other, and the greatest id. `;
  }
  return '';
}

export function outcome(election) {
  const {began, ended, established, epoch, leader, cause, reason} = election;
  return [
    el.p(null, ended == null
      ? badge('warn', `undecided since ${clock(began, true)}`)
      : badge(established ? 'good' : 'warn', `node ${leader} won after ${duration(ended - began)}`),
    established && el.span({class: 'quiet'}, ` epoch ${epoch} in force ${duration(established - began)} after the beginning`)),
    el.p(null, `This node looked for a leader: ${cause}. `, ended != null && `${decision(election)}The round ended: ${reason}.`),
  ];
}

function vote(election, each, i) {
  const figures = each.settled ? ['–', '–'] : [each.epoch, zxid(each.zxid)];
  return el.tr({key: i},
    el.td({class: 'figure', 'data-label': 'After'}, duration(each.at - election.began)),
    el.td({'data-label': 'Voter'}, `node ${each.voter}`),
    el.td({'data-label': 'Vote'}, el.b(null, each.settled
      ? each.voter === each.candidate ? 'leads already' : `follows node ${each.candidate} already`
      : `for node ${each.candidate}`)),
    el.td({class: 'figure', 'data-label': 'Epoch'}, figures[0]),
    el.td({class: 'figure', 'data-label': 'Last zxid'}, figures[1]),
    el.td({class: 'figure', 'data-label': 'Round'}, each.round));
}

function card(election) {
  const times = {'data-began': election.began, 'data-ended': election.ended, 'data-seen': election.seen};
  return el.article({class: 'card election', key: `${election.number} ${election.began}`, 'data-leader': election.leader, ...times},
  el.h2(null, moment(election.began, true), el.span({class: 'quiet'}, ` election ${election.number}`)),
  outcome(election),
  election.votes.length > 0 && el.table({class: 'cards votes'},
    el.caption({class: 'hidden'}, `Votes of election ${election.number}`),
    el.thead(null, el.tr(null, ['After', 'Voter', 'Vote', 'Epoch', 'Last zxid', 'Round'].map(label =>
      el.th({scope: 'col', class: label === 'Voter' || label === 'Vote' ? '' : 'figure'}, label)))),
    el.tbody(null, election.votes.map((each, i) => vote(election, each, i)))),
  election.votesLeftOut > 0 && el.p({class: 'quiet'}, `${election.votesLeftOut} more votes are not shown.`));
}

export class Elections extends Component {
  static lively = true;

  shouldComponentUpdate({live}) {
    return live.elections !== this.props.live.elections;
  }

  render({live: {elections}}) {
    return [
      el.h1(null, 'Elections'),
      el.p({class: 'lead'}, 'The last twenty that this node took part in, the latest first, with every vote that it cast or heard of. '
        + 'A vote goes to the node with the latest epoch, then the longest log, then the greatest id.'),
      elections.length === 0 && el.p({class: 'quiet'}, 'None since this process began.'),
      elections.map(card),
    ];
  }
}
