// Who waits for whom: queues of sequential ephemerals, as recipes for locks make them.
import {el, Polling, problem, badge} from './dom.js';
import {get} from './api.js';
import {count, duration} from './format.js';

/** Of what may be no lock, such as a list of services, and of semaphores only the order is known. */
function state({kind}, {holds}) {
  const certain = kind !== 'sequence' && kind !== 'semaphore';
  const [first, behind] = !certain ? ['is first', 'is behind'] : ['holds it', 'waits'];
  return holds ? badge(certain ? 'good' : 'info', first) : badge('idle', behind);
}

function entry(each, i, queue) {
  const path = queue.path === '/' ? `/${each.name}` : `${queue.path}/${each.name}`;
  return el.tr({key: each.name},
    el.td({class: 'figure', 'data-label': 'Place'}, i + 1),
    el.td({'data-label': 'State'}, state(queue, each), each.shared && el.span({class: 'quiet'}, ' shared')),
    el.td({class: 'figure', 'data-label': 'For'}, each.since == null ? 'gone' : duration(Date.now() - each.since)),
    el.td({'data-label': 'Session'}, el.code(null, each.session)),
    el.td({'data-label': 'Znode'}, el.a({href: `#/tree?${new URLSearchParams({path})}`}, each.name)));
}

const COLUMNS = [['Place', 'figure'], ['State', ''], ['For', 'figure'], ['Session', ''], ['Znode', '']];

function card(queue) {
  const {path, kind, waiting, length, head} = queue;
  const behind = kind === 'sequence' ? 'behind the first' : 'waiting';
  const more = length - head.length;
  return el.article({class: 'card', key: path, 'data-queue': path},
    el.h2(null, el.a({href: `#/tree?${new URLSearchParams({path})}`}, path), el.span({class: 'quiet'}, ` ${kind}, ${waiting} ${behind}`)),
    el.table({class: 'cards'},
      el.thead(null, el.tr(null, COLUMNS.map(([label, kindOf]) => el.th({scope: 'col', class: kindOf}, label)))),
      el.tbody(null, head.map((each, i) => entry(each, i, queue)))),
    more > 0 && el.p({class: 'quiet'}, `${count(more, 'more is', 'more are')} behind.`));
}

export class Queues extends Polling {
  everyMillis = 2000;
  state = {told: null, error: null};

  async poll() {
    try {
      const told = await get('queues', {limit: 20});
      this.gone || this.setState({told, error: null});
    } catch (error) {
      this.gone || this.setState({error});
    }
  }

  render(props, {told, error}) {
    return [
      el.h1(null, 'Queues'),
      el.p({class: 'lead'}, 'Sequential ephemerals below one parent: locks, elections, semaphores. '
        + 'The first holds what the others wait for, or several do where it is shared. What kind each is, is guessed by the names.'),
      problem(error),
      told && (told.total === 0 ? el.p({class: 'quiet'}, 'There are none.')
        : told.total > told.queues.length && el.p({class: 'quiet'}, `The ${told.queues.length} with the most waiting, of ${told.total}.`)),
      told?.queues.map(card),
    ];
  }
}
