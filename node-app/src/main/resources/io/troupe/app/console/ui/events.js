// What has happened, as it happens.
import {el, Component, badge} from './dom.js';
import {moment} from './format.js';

/** The latest first. */
export function happenings(all) {
  if (all.length === 0) {
    return el.p({class: 'quiet'}, 'Nothing yet.');
  }
  return el.ol({class: 'events'}, [...all].reverse().map(each => el.li({key: each.id, class: each.weight},
    el.time({datetime: new Date(each.at).toISOString()}, moment(each.at)),
    badge(each.weight, each.kind),
    el.span(null, each.text))));
}

export class Events extends Component {
  static lively = true;

  render({live}) {
    return [
      el.h1(null, 'Events'),
      el.p({class: 'lead'}, 'The last two hundred that this node has noticed, the latest first.'),
      el.section({class: 'card', role: 'log', 'aria-label': 'Events'}, happenings(live.happenings)),
    ];
  }
}
