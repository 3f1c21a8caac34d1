// The one stream of events that the page lives on, and what it has told so far.

const MOST_SAMPLES = 300;
const MOST_HAPPENINGS = 200;
const SILENT_MILLIS = 3000;
const AGAIN_MILLIS = 1000;

export class Live {
  constructor(onChange) {
    this.onChange = onChange;
    this.picture = {state: null, samples: [], elections: [], happenings: [], user: null, lostSince: null};
    this.heardAt = Date.now();
    this.open();
    setInterval(() => this.listen(), AGAIN_MILLIS);
  }

  open() {
    this.source?.close();
    this.openedAt = Date.now();
    const source = new EventSource('/api/v1/live');
    this.source = source;
    const on = (name, take) => source.addEventListener(name, event => {
      this.heardAt = Date.now();
      this.change({...take(JSON.parse(event.data)), lostSince: null});
    });
    // The first word of each connection: all that was is told anew behind it.
    on('user', user => ({user, happenings: []}));
    on('history', samples => ({samples}));
    on('sample', sample => ({samples: [...this.picture.samples, sample].slice(-MOST_SAMPLES)}));
    on('state', state => ({state}));
    on('elections', elections => ({elections: this.seen(elections)}));
    on('happenings', fresh => ({happenings: [...this.picture.happenings, ...fresh].slice(-MOST_HAPPENINGS)}));
    source.onerror = () => {
      source.close();
      this.lost();
    };
  }

  /** Elections with the time when this page first heard of each. */
  seen(elections) {
    const before = new Map(this.picture.elections.map(each => [`${each.number} ${each.began}`, each]));
    return elections.map(each => {
      const known = before.get(`${each.number} ${each.began}`);
      return {...each, seen: known?.seen ?? Date.now()};
    });
  }

  change(part) {
    this.picture = {...this.picture, ...part};
    this.onChange(this.picture);
  }

  lost() {
    if (!this.picture.lostSince) {
      this.change({lostSince: Date.now()});
    }
  }

  /** Browsers wait long before they connect again, and never notice a process that hangs. */
  listen() {
    const silent = Date.now() - this.heardAt > SILENT_MILLIS;
    if (silent && !document.hidden) {
      this.lost();
    }
    const closed = this.source.readyState === EventSource.CLOSED;
    if (closed || (silent && Date.now() - this.openedAt > SILENT_MILLIS)) {
      this.open();
    }
  }
}
