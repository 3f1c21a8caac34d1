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

function card(queue) {
  return el.article({class: 'card', key: queue.path, 'data-queue': queue.path},
    el.h2(null, el.a({href: `#/tree?${new URLSearchParams({path: queue.path})}`}, queue.path), el.span({class: 'quiet'}, ` ${queue.kind}, ${queue.waiting} ${queue.kind === 'sequence' ? 'behind the first' : 'waiting'}`)),
    el.table({class: 'cards'},
      el.thead(null, el.tr(null, ['Place', 'State', 'For', 'Session', 'Znode'].map((label, i) => el.th({scope: 'col', class: i === 0 || i === 2 ? 'figure' : ''}, label)))),
      el.tbody(null, queue.head.map((each, i) => entry(each, i, queue)))),
    queue.length > queue.head.length && el.p({class: 'quiet'}, `${count(queue.length - queue.head.length, 'more is', 'more are')} behind.`));
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
      el.p({class: 'lead'}, 'Sequential ephemerals below one parent: locks, elections, semaphores. The first holds what the others wait for, '
        + 'or several do where it is shared. What kind each is, is guessed by the names.'),
      problem(error),
      told && (told.total === 0 ? el.p({class: 'quiet'}, 'There are none.')
        : told.total > told.queues.length && el.p({class: 'quiet'}, `The ${told.queues.length} with the most waiting, of ${told.total}.`)),
      told?.queues.map(card),
    ];
  }
}
