// Elements without a build step: el.div({class: 'x'}, 'text') is <div class="x">text</div>. Text is always a text node.
import {h, Component} from './preact.js';

export {h, Component, render, createRef} from './preact.js';

export const el = new Proxy({}, {
  get: (none, tag) => (props, ...children) => h(tag, props, ...children),
});

function shallowEqual(one, other) {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every(key => one[key] === other[key]);
}

/** A component that is drawn anew only when its own properties or state change. */
export class Pure extends Component {
  shouldComponentUpdate(props, state) {
    return state !== this.state || !shallowEqual(props, this.props);
  }
}

/** A component that does something every now and then while it is shown and the page can be seen. */
export class Polling extends Pure {
  everyMillis = 5000;

  componentDidMount() {
    this.poll();
    this.timer = setInterval(() => document.hidden || this.poll(), this.everyMillis);
  }

  componentWillUnmount() {
    clearInterval(this.timer);
    this.gone = true;
  }
}

/** A mark and a word: what a state is does not hang on its colour. */
export function badge(weight, text) {
  const marks = {good: '●', info: '○', warn: '▲', bad: '✕', idle: '◌'};
  return el.span({class: `badge ${weight}`}, el.span({class: 'mark', 'aria-hidden': 'true'}, marks[weight]), ' ', text);
}

export function problem(error) {
  return error && el.p({class: 'problem', role: 'alert'}, el.strong(null, error.title), ' ', error.detail);
}
