// A plot of the last minutes: lines that tell themselves apart without colour, and values of any moment by pointer or arrow keys.
import {el, Component} from './dom.js';
import {clock} from './format.js';

const WIDTH = 600;
const HEIGHT = 120;
const SPAN_MILLIS = 300000;

/** The next number of the kind 1, 2, 5, 10 …, so that the scale is calm. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 0.001)));
  return [1, 2, 5, 10].map(step => step * power).find(top => top >= value * 0.999);
}

function line(samples, field, from, top) {
  let pen = 'M';
  const points = [];
  for (const sample of samples) {
    const value = sample[field];
    if (value == null) {
      pen = 'M';
      continue;
    }
    const x = (sample.at - from) / SPAN_MILLIS * WIDTH;
    const y = HEIGHT - Math.min(1, value / top) * HEIGHT;
    points.push(`${pen}${x.toFixed(1)} ${y.toFixed(1)}`);
    // A value between two seconds without any would not be seen otherwise.
    if (pen === 'M') {
      points.push(`h1.5`);
    }
    pen = 'L';
  }
  return points.join('');
}

export class Plot extends Component {
  state = {at: null};

  point(event) {
    const box = event.currentTarget.getBoundingClientRect();
    this.setState({at: (event.clientX - box.left) / box.width});
  }

  key(event) {
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (step) {
      event.preventDefault();
      this.setState(({at}) => ({at: Math.min(1, Math.max(0, (at ?? 1) + step / 300))}));
    } else if (event.key === 'Escape') {
      this.setState({at: null});
    }
  }

  render({title, samples, lines, format}, {at}) {
    const to = samples.length > 0 ? samples[samples.length - 1].at : 0;
    const from = to - SPAN_MILLIS;
    const shown = samples.filter(sample => sample.at >= from);
    const greatest = Math.max(0, ...shown.flatMap(sample => lines.map(([field]) => sample[field] ?? 0)));
    const top = ceiling(greatest || 1);
    const distance = sample => Math.abs(sample.at - from - at * SPAN_MILLIS);
    const picked = at == null ? shown[shown.length - 1]
      : shown.reduce((best, each) => distance(each) < distance(best) ? each : best, shown[0]);
    const values = lines.map(([field, label]) => `${label} ${format(picked?.[field])}`);
    return el.figure({class: 'plot'},
      el.figcaption(null, el.span({class: 'title'}, title),
        lines.map(([field, label], i) => el.span({class: `key line${i}`, key: field},
          el.svg({width: 22, height: 8, 'aria-hidden': 'true'}, el.path({d: 'M0 4H22'})),
          `${label} `, el.b(null, format(picked?.[field])))),
        at != null && picked && el.span({class: 'quiet'}, clock(picked.at))),
      el.div({
        class: 'canvas',
        tabindex: 0,
        role: 'img',
        'aria-label': `${title}, last five minutes: ${values.join(', ')}; at most ${format(greatest)}`,
        onPointerMove: event => this.point(event),
        onPointerLeave: () => this.setState({at: null}),
        onKeyDown: event => this.key(event),
        onBlur: () => this.setState({at: null}),
      },
        el.span({class: 'top quiet'}, format(top)),
        el.svg({viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true'},
          [0, 0.5, 1].map(part => el.path({class: 'grid', d: `M0 ${part * HEIGHT}H${WIDTH}`})),
          [1, 2, 3, 4].map(minute => el.path({class: 'grid', d: `M${minute * WIDTH / 5} 0V${HEIGHT}`})),
          lines.map(([field], i) => el.path({class: `line${i}`, d: line(shown, field, from, top)})),
          at != null && picked && el.path({class: 'cursor', d: `M${(picked.at - from) / SPAN_MILLIS * WIDTH} 0V${HEIGHT}`}))),
      el.div({class: 'axis quiet', 'aria-hidden': 'true'}, el.span(null, '5 min ago'), el.span(null, 'now')));
  }
}
