// The tree: a page of the children of each open znode at a time, so that a million siblings are as light as ten.
import {h, el, Component, Pure, createRef, problem} from './dom.js';
import {get} from './api.js';
import {Znode} from './znode.js';
import {Search} from './search.js';

const PAGE = 100;

export const childPath = (parent, name) => parent === '/' ? `/${name}` : `${parent}/${name}`;
const parentOf = path => path.slice(0, Math.max(1, path.lastIndexOf('/')));

/** The rows to show, top down: znodes, and between them the ways to other pages of long lists. */
function rows(folders, path = '/', name = '/', level = 1, into = [], details = null) {
  const folder = folders[path];
  into.push({path, name, level, folder, details});
  if (folder?.open && folder.children) {
    if (folder.starts.length > 1) {
      into.push({turn: -1, path, level: level + 1, key: `${path} back`});
    }
    for (const child of folder.children) {
      rows(folders, childPath(path, child.name), child.name, level + 1, into, child);
    }
    if (folder.next) {
      into.push({turn: 1, path, level: level + 1, key: `${path} on`});
    }
  }
  return into;
}

export class Tree extends Pure {
  state = {folders: {}, focus: '/', error: null};
  list = createRef();

  get selected() {
    return new URLSearchParams(this.props.params).get('path') ?? '/';
  }

  componentDidMount() {
    this.load('/', [null]);
  }

  select(path) {
    location.hash = `#/tree?${new URLSearchParams({path})}`;
  }

  /** Reads the page that begins behind the last of {@code starts}. */
  async load(path, starts) {
    const change = part => this.setState(({folders}) => ({folders: {...folders, [path]: {...folders[path], ...part}}}));
    change({open: true, loading: true});
    try {
      const page = await get('children', {path, limit: PAGE, details: true, after: starts[starts.length - 1]});
      change({open: true, loading: false, children: page.details, next: page.next, starts, total: page.stat?.numChildren});
      this.setState({error: null});
    } catch (error) {
      change({open: false, loading: false});
      this.setState({error});
    }
  }

  toggle(path) {
    const folder = this.state.folders[path];
    if (folder?.open) {
      this.setState(({folders}) => ({folders: {...folders, [path]: {open: false}}}));
    } else {
      this.load(path, [null]);
    }
  }

  turn({path, turn}) {
    const {starts, next} = this.state.folders[path];
    this.load(path, turn > 0 ? [...starts, next] : starts.slice(0, -1));
    this.focus(path);
  }

  /** After a change somewhere below {@code path}, or of it. */
  refresh = path => {
    const folder = this.state.folders[path];
    if (folder?.open) {
      this.load(path, folder.starts);
    }
  };

  focus(key) {
    this.setState({focus: key}, () => this.list.current?.querySelector('[tabindex="0"]')?.focus());
  }

  key(event) {
    const all = rows(this.state.folders);
    const at = Math.max(0, all.findIndex(row => (row.key ?? row.path) === this.state.focus));
    const row = all[at];
    const to = target => target && this.focus(target.key ?? target.path);
    const moves = {
      ArrowDown: () => to(all[at + 1]),
      ArrowUp: () => to(all[at - 1]),
      Home: () => to(all[0]),
      End: () => to(all[all.length - 1]),
      ArrowRight: () => row.turn || (row.folder?.open ? to(all[at + 1]) : this.toggle(row.path)),
      ArrowLeft: () => !row.turn && row.folder?.open ? this.toggle(row.path) : this.focus(row.turn ? row.path : parentOf(row.path)),
      Enter: () => row.turn ? this.turn(row) : this.select(row.path),
      ' ': () => row.turn ? this.turn(row) : this.select(row.path),
    };
    if (moves[event.key] && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      moves[event.key]();
    }
  }

  row(row, selected, focused) {
    const key = row.key ?? row.path;
    const look = `row level${Math.min(12, row.level)}`;
    const common = {key, role: 'treeitem', 'aria-level': row.level, tabindex: key === focused ? 0 : -1, class: look};
    if (row.turn) {
      return el.li({...common, class: `${look} turn`, onClick: () => this.turn(row)},
        row.turn > 0 ? `the next of ${row.path} …` : `… those before, of ${row.path}`);
    }
    const {folder, details} = row;
    const leaf = folder?.children ? folder.children.length === 0 && !folder.next : details?.children === 0;
    const open = Boolean(folder?.open);
    return el.li({
      ...common,
      'data-path': row.path,
      'aria-expanded': leaf ? null : String(open),
      'aria-selected': String(row.path === selected),
      onClick: () => {
        this.focus(row.path);
        this.select(row.path);
      },
    },
    el.span({class: 'twist', 'aria-hidden': 'true', onClick: event => {
      event.stopPropagation();
      this.toggle(row.path);
    }}, leaf ? '·' : folder?.loading ? '…' : open ? '▾' : '▸'),
    el.span({class: 'name'}, row.name),
    details?.ephemeral && el.span({class: 'tag', title: 'It ends with its session'}, 'ephemeral'),
    details?.children > 0 && el.span({class: 'quiet'}, details.children.toLocaleString('en')));
  }

  render(props, {folders, focus, error}) {
    const selected = this.selected;
    const all = rows(folders);
    const focused = all.some(row => (row.key ?? row.path) === focus) ? focus : '/';
    return [
      el.h1({class: 'hidden'}, 'Tree'),
      el.div({class: 'split'},
        el.section({class: 'card', 'aria-labelledby': 'znodes'},
          el.h2({id: 'znodes'}, 'Znodes'),
          h(Search, {onSelect: path => this.select(path)}),
          problem(error),
          el.ul({ref: this.list, role: 'tree', class: 'tree', 'aria-labelledby': 'znodes', onKeyDown: event => this.key(event)},
            all.map(row => this.row(row, selected, focused)))),
        h(Znode, {key: selected, path: selected, onChanged: this.refresh, onSelect: path => this.select(path)})),
    ];
  }
}
