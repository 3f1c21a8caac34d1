// The sessions of the ensemble, a page at a time.
import {el, Polling, problem, badge} from './dom.js';
import {get} from './api.js';
import {count, duration} from './format.js';

const PAGE = 50;
const SHOWN = 5;

const znodeLink = path => el.a({href: `#/tree?${new URLSearchParams({path})}`}, path);

function paths(list, total) {
  return total === 0 ? '–' : el.ul({class: 'plain'}, list.map(path => el.li({key: path}, znodeLink(path))),
    total > list.length && el.li({class: 'quiet'}, `and ${(total - list.length).toLocaleString('en')} more`));
}

export class Sessions extends Polling {
  state = {starts: [null], page: null, error: null};

  async poll() {
    const {starts} = this.state;
    try {
      const page = await get('sessions', {limit: PAGE, ephemerals: SHOWN, watches: SHOWN, after: starts[starts.length - 1]});
      this.gone || this.state.starts !== starts || this.setState({page, error: null});
    } catch (error) {
      this.gone || this.setState({error});
    }
  }

  turn(starts) {
    this.setState({starts}, () => this.poll());
  }

  render(props, {starts, page, error}) {
    const turns = page && el.div({class: 'actions'},
      el.button({type: 'button', disabled: starts.length === 1, onClick: () => this.turn(starts.slice(0, -1))}, 'Those before'),
      el.button({type: 'button', disabled: !page.next, onClick: () => this.turn([...starts, page.next])}, 'The next'),
      el.span({class: 'quiet'}, `from ${((starts.length - 1) * PAGE + 1).toLocaleString('en')} of ${page.total.toLocaleString('en')}`));
    return [
      el.h1(null, 'Sessions'),
      el.p({class: 'lead'}, page && `${count(page.total, 'session')}. `,
        'Watches are known to the node alone that the client is connected to.'),
      problem(error),
      page && page.sessions.length > 0 && [
        turns,
        el.section({class: 'card', 'aria-label': 'Sessions'}, el.table({class: 'cards'},
          el.thead(null, el.tr(null, ['Session', 'Timeout', 'Client', 'Ephemerals', 'Watches'].map(label => el.th({scope: 'col'}, label)))),
          el.tbody(null, page.sessions.map(each => el.tr({key: each.id},
            el.th({scope: 'row'}, el.code(null, each.id)),
            el.td({'data-label': 'Timeout'}, duration(each.timeoutMillis)),
            el.td({'data-label': 'Client'}, each.connectedHere ? badge('good', 'here') : badge('idle', 'elsewhere')),
            el.td({'data-label': 'Ephemerals'}, paths(each.ephemerals, each.ephemeralCount)),
            el.td({'data-label': 'Watches'}, each.connectedHere ? paths(each.watchedPaths, each.watches) : '–')))))),
        turns,
      ],
    ];
  }
}
