// The page: a header, one view at a time by the part of the address behind #, and what is wrong with the connection.
import {h, el, Component, render, badge} from './dom.js';
import {Live} from './live.js';
import {clock} from './format.js';
import {Overview} from './overview.js';
import {Elections} from './elections.js';
import {Tree} from './tree.js';
import {Sessions} from './sessions.js';
import {Queues} from './queues.js';
import {Events} from './events.js';
import {Account} from './login.js';

const VIEWS = [
  ['overview', 'Overview', Overview],
  ['elections', 'Elections', Elections],
  ['tree', 'Tree', Tree],
  ['sessions', 'Sessions', Sessions],
  ['queues', 'Queues', Queues],
  ['events', 'Events', Events],
];
const THEMES = {auto: 'as the system', light: 'light', dark: 'dark'};

function place() {
  const [view, params] = location.hash.replace(/^#\/?/, '').split('?');
  return {view: VIEWS.find(([name]) => name === view) ?? VIEWS[0], params: new URLSearchParams(params ?? '')};
}

function theme() {
  const kept = localStorage.getItem('troupe-theme');
  return kept in THEMES ? kept : 'auto';
}

function applyTheme(chosen) {
  localStorage.setItem('troupe-theme', chosen);
  document.documentElement.dataset.theme = chosen;
}

/** One line that says how the ensemble is. */
function summary(live) {
  const {state, lostSince} = live;
  if (!state) {
    return badge('idle', lostSince ? 'not connected' : 'connecting');
  }
  const answering = state.nodes.filter(node => node.answers).length;
  const asking = state.nodes.some(node => node.answers && !node.told);
  const nodes = asking ? 'asking the others' : `${answering} of ${state.nodes.length} nodes answer`;
  if (lostSince) {
    return badge('bad', 'this node does not answer');
  }
  if (!state.leader) {
    return badge('bad', state.missing ? `no leader: ${state.missing}` : 'no leader');
  }
  return badge(answering === state.nodes.length ? 'good' : 'warn', `node ${state.leader} leads, epoch ${state.epoch}; ${nodes}`);
}

function lostBanner({state, lostSince}) {
  if (!lostSince) {
    return null;
  }
  const others = (state?.nodes ?? []).filter(node => !node.self && node.page && node.answers);
  return el.div({class: 'banner', role: 'alert'},
    el.p(null, el.strong(null, `${state?.node ? `Node ${state.node}` : 'The node'} does not answer since ${clock(lostSince)}.`),
      ' What is shown is old. This page goes on as soon as the node is back.'),
    others.length > 0 && el.p(null, 'The other nodes show the same: ',
      others.map((node, i) => [i > 0 && ', ', el.a({href: node.page + location.hash}, `node ${node.node}`)])));
}

class Page extends Component {
  state = {live: null, place: place(), theme: theme()};

  componentDidMount() {
    this.live = new Live(live => this.setState({live}));
    addEventListener('hashchange', () => {
      // The skip link is no view.
      if (location.hash.startsWith('#/') || location.hash === '') {
        this.setState({place: place()});
      }
    });
  }

  nextTheme() {
    const names = Object.keys(THEMES);
    const next = names[(names.indexOf(this.state.theme) + 1) % names.length];
    applyTheme(next);
    this.setState({theme: next});
  }

  render(props, {live, place: {view: [name, title, View], params}, theme: chosen}) {
    const picture = live ?? {state: null, samples: [], elections: [], happenings: [], lostSince: null};
    document.title = `${title} · ${picture.state?.node ? `node ${picture.state.node} · ` : ''}Troupe`;
    return [
      el.header({class: 'top'},
        el.div({class: 'brand'}, el.img({src: 'icon.svg', alt: '', width: 22, height: 22}), el.span(null, 'Troupe'),
          picture.state?.node && el.span({class: 'quiet'}, `node ${picture.state.node}`)),
        el.p({class: 'summary', role: 'status'}, summary(picture)),
        el.div({class: 'tools'},
          h(Account, {known: picture.user?.name}),
          el.button({type: 'button', class: 'plain', onClick: () => this.nextTheme(), id: 'theme'},
            el.span({'aria-hidden': 'true'}, chosen === 'dark' ? '☾' : chosen === 'light' ? '☀' : '◐'),
            el.span({class: 'wide'}, ` ${THEMES[chosen]}`), el.span({class: 'hidden'}, `Colours: ${THEMES[chosen]}; change`)))),
      el.nav({class: 'views', 'aria-label': 'Views'},
        VIEWS.map(([each, label]) => el.a({href: `#/${each}`, 'aria-current': each === name ? 'page' : null}, label))),
      lostBanner(picture),
      el.main({id: 'main', tabindex: '-1'}, h(View, {live: View.lively ? picture : null, params: params.toString()})),
      el.footer(null, picture.state?.node && `As node ${picture.state.node} sees it · `,
        el.a({href: '/openapi.json'}, 'API'), ' · ', el.a({href: '/metrics'}, 'metrics'), ' · ', el.a({href: '/commands'}, 'commands')),
    ];
  }
}

applyTheme(theme());
render(h(Page), document.getElementById('page'));
