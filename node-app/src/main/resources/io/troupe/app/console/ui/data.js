// The data of a znode as JSON, as text or in hexadecimal; the first that fits is shown.
import {el, Pure} from './dom.js';
import {bytes as size} from './format.js';

/** More than this is not drawn: the API has all of it. */
const MOST_SHOWN = 65536;
const PER_LINE = 16;

function asText(data) {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(data);
  } catch {
    return null;
  }
}

function asJson(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : null;
  } catch {
    return null;
  }
}

function asHex(data) {
  const lines = [];
  for (let at = 0; at < data.length; at += PER_LINE) {
    const line = [...data.subarray(at, at + PER_LINE)];
    const hex = line.map(byte => byte.toString(16).padStart(2, '0')).join(' ').padEnd(PER_LINE * 3);
    const text = line.map(byte => byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.').join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex} ${text}`);
  }
  return lines.join('\n');
}

export class Data extends Pure {
  state = {chosen: null};

  key(event, names, at) {
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (step) {
      event.preventDefault();
      const next = names[(at + step + names.length) % names.length];
      const tabs = event.currentTarget;
      this.setState({chosen: next}, () => tabs.querySelector('[aria-selected="true"]').focus());
    }
  }

  render({bytes}, {chosen}) {
    if (bytes == null || bytes.length === 0) {
      return el.p({class: 'quiet'}, bytes == null ? 'Its data are null.' : 'It has no data.');
    }
    const text = asText(bytes);
    const json = text == null || bytes.length > MOST_SHOWN ? null : asJson(text);
    const forms = [json != null && ['JSON', json], text != null && ['Text', text.slice(0, MOST_SHOWN)], ['Hex', null]].filter(Boolean);
    const names = forms.map(([name]) => name);
    const at = Math.max(0, names.indexOf(chosen));
    const shown = forms[at][1] ?? asHex(bytes.subarray(0, MOST_SHOWN / 4));
    return [
      el.div({role: 'tablist', 'aria-label': 'Form of the data', onKeyDown: event => this.key(event, names, at)},
        names.map((name, i) => el.button({
          type: 'button',
          role: 'tab',
          id: `data-${name}`,
          'aria-controls': 'data',
          'aria-selected': String(i === at),
          tabindex: i === at ? 0 : -1,
          onClick: () => this.setState({chosen: name}),
        }, name))),
      el.pre({id: 'data', role: 'tabpanel', 'aria-labelledby': `data-${names[at]}`, tabindex: 0}, shown),
      bytes.length > MOST_SHOWN / 4 && el.p({class: 'quiet'}, `The beginning; it has ${size(bytes.length)} in all.`),
    ];
  }
}
