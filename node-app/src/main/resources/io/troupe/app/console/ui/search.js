// Looks through the tree a step at a time: each request does so much and no more, and the user may stop.
import {el, Pure, problem} from './dom.js';
import {get} from './api.js';
import {count} from './format.js';

const ENOUGH = 100;
const NOTHING = {paths: [], visited: 0, hidden: 0, next: null, running: false, text: null, error: null};

export class Search extends Pure {
  state = NOTHING;

  componentWillUnmount() {
    this.run = null;
  }

  start(event) {
    event.preventDefault();
    const text = event.currentTarget.elements.text.value.trim();
    this.run = null;
    this.setState({...NOTHING, text: text || null}, () => text && this.goOn());
  }

  async goOn() {
    const run = {};
    this.run = run;
    let {text, paths, visited, hidden, next} = this.state;
    const until = paths.length + ENOUGH;
    this.setState({running: true, error: null});
    try {
      do {
        const found = await get('search', {text, limit: until - paths.length, after: next});
        if (this.run !== run) {
          return;
        }
        paths = [...paths, ...found.paths];
        visited += found.visited;
        hidden += found.hidden;
        next = found.next;
        this.setState({paths, visited, hidden, next});
      } while (next && paths.length < until);
    } catch (error) {
      this.setState({error});
    }
    this.setState({running: false});
  }

  stop() {
    this.run = null;
    this.setState({running: false});
  }

  results({paths, visited, hidden, next, running}) {
    const end = running ? ' so far' : next ? '; there are more znodes' : '';
    return el.div({class: 'results'},
      el.p({role: 'status'}, `${count(paths.length, 'match', 'matches')} among ${count(visited, 'znode')}${end}`,
        hidden > 0 && `; below ${count(hidden, 'znode')} you may not look`, ' ',
        running ? el.button({type: 'button', onClick: () => this.stop()}, 'Stop')
          : next && el.button({type: 'button', onClick: () => this.goOn()}, 'Go on')),
      el.ul({class: 'plain'}, paths.map(path => el.li({key: path},
        el.a({href: `#/tree?${new URLSearchParams({path})}`}, path)))));
  }

  render(props, state) {
    return el.search(null,
      el.form({class: 'inline', onSubmit: event => this.start(event)},
        el.input({
          name: 'text',
          type: 'search',
          'aria-label': 'Search by a part of a name, or by the beginning of a path',
          placeholder: 'part of a name, or /path…',
          autocomplete: 'off',
          spellcheck: false,
        }),
        el.button({type: 'submit'}, 'Search')),
      problem(state.error),
      state.text && this.results(state));
  }
}
