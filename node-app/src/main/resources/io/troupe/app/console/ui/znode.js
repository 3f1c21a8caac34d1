// One znode: its data in the form that suits them, its stat and access control list, and its changes.
import {h, el, Pure, createRef, problem, badge} from './dom.js';
import {get, put, post, remove} from './api.js';
import {bytes, duration, moment, zxid} from './format.js';
import {Data} from './data.js';
import {refusal} from './login.js';
import {childPath} from './tree.js';

const MODES = [['persistent', 'persistent'], ['persistent-sequential', 'persistent, numbered'], ['container', 'container']];
const PERMISSIONS = {c: 'create', d: 'delete', r: 'read', w: 'write', a: 'admin'};

const parentOf = path => path.slice(0, Math.max(1, path.lastIndexOf('/')));

function decode(base64) {
  return base64 == null ? null : Uint8Array.from(atob(base64), char => char.charCodeAt(0));
}

function crumbs(path) {
  const names = path === '/' ? [] : path.slice(1).split('/');
  return el.nav({'aria-label': 'Path', class: 'crumbs'}, el.a({href: '#/tree?path=%2F'}, '/'),
    names.map((name, i) => {
      const to = `/${names.slice(0, i + 1).join('/')}`;
      return [i > 0 && '/', i === names.length - 1 ? el.b(null, name) : el.a({href: `#/tree?${new URLSearchParams({path: to})}`}, name)];
    }));
}

const since = at => `${moment(at)} (${duration(Date.now() - at)} ago)`;

function stats(stat) {
  const ephemeral = stat.ephemeralOwner !== '0x0';
  const entries = [
    ['version', stat.version], ['children', stat.numChildren.toLocaleString('en')], ['data', bytes(stat.dataLength)],
    ['created', since(stat.ctime)], ['changed', since(stat.mtime)],
    ['created by', zxid(stat.czxid)], ['changed by', zxid(stat.mzxid)], ['children changed by', zxid(stat.pzxid)],
    ['versions of children, list', `${stat.cversion}, ${stat.aversion}`], ['session', ephemeral ? stat.ephemeralOwner : 'none: it stays'],
  ];
  return el.dl({class: 'figures'}, entries.map(([label, value]) => el.div(null, el.dt(null, label), el.dd(null, value))));
}

function accessList({acl, error}) {
  return [el.h3(null, 'Access control list'),
    error ? problem(error) : el.ul({class: 'plain'}, acl.map(({scheme, id, permissions}) => el.li(null,
      el.code(null, `${scheme}:${id}`), ' may ', [...permissions].map(letter => PERMISSIONS[letter]).join(', ') || 'nothing')))];
}

export class Znode extends Pure {
  state = {found: null, data: null, access: null, error: null, refused: null, editing: null, done: null};
  deletion = createRef();

  componentDidMount() {
    this.read();
  }

  componentWillUnmount() {
    this.gone = true;
  }

  async read(done = null) {
    const {path} = this.props;
    const [node, access] = await Promise.all([
      get('node', {path, encoding: 'base64'}).catch(error => ({error})), get('acl', {path}).catch(error => ({error}))]);
    if (!this.gone) {
      const found = {found: node.stat ?? null, data: decode(node.data), error: node.error ?? null, access};
      this.setState({...found, refused: null, editing: null, done});
    }
  }

  /** Has the node change something, and tells what came of it. */
  async change(action, done) {
    this.setState({refused: null, done: null});
    try {
      await action();
      await done();
    } catch (refused) {
      this.setState({refused});
    }
  }

  save(event) {
    event.preventDefault();
    const {path} = this.props;
    const data = event.currentTarget.elements.data.value;
    this.change(() => put('node', {path, version: this.state.found.version}, {data}), () => this.read('Saved.'));
  }

  create(event) {
    event.preventDefault();
    const {path, onChanged, onSelect} = this.props;
    const {name, mode, data} = event.currentTarget.elements;
    let created;
    this.change(async () => {
      created = await post('node', {path: childPath(path, name.value), mode: mode.value, data: data.value});
    }, () => {
      onChanged(path);
      onSelect(created.path);
    });
  }

  delete() {
    const {path, onChanged, onSelect} = this.props;
    this.deletion.current.close();
    this.change(() => remove('node', {path, version: this.state.found.version}), () => {
      onChanged(parentOf(path));
      onSelect(parentOf(path));
    });
  }

  editor(data) {
    const cancel = el.button({type: 'button', onClick: () => this.setState({editing: null, refused: null})}, 'Cancel');
    if (this.state.editing === 'data') {
      const text = new TextDecoder().decode(data ?? new Uint8Array());
      return el.form({onSubmit: event => this.save(event)},
        el.label(null, `Data, in place of version ${this.state.found.version}`,
          el.textarea({name: 'data', rows: 10, spellcheck: false, defaultValue: text})),
        el.div({class: 'actions'}, el.button({type: 'submit', class: 'main'}, 'Save'), cancel));
    }
    return el.form({onSubmit: event => this.create(event)},
      el.label(null, 'Name of the child', el.input({name: 'name', required: true, autocomplete: 'off', spellcheck: false})),
      el.label(null, 'Kind', el.select({name: 'mode'}, MODES.map(([value, label]) => el.option({value}, label)))),
      el.label(null, 'Data', el.textarea({name: 'data', rows: 4, spellcheck: false})),
      el.div({class: 'actions'}, el.button({type: 'submit', class: 'main'}, 'Create'), cancel));
  }

  actions({found, data}) {
    const {path} = this.props;
    const isText = data == null || isUtf8(data);
    const button = (label, onClick, extra) => el.button({type: 'button', onClick, ...extra}, label);
    return el.div({class: 'actions'},
      button('Edit', () => this.setState({editing: 'data', done: null}),
        {disabled: !isText, title: isText ? null : 'No text: change it by the API or the shell'}),
      button('New child', () => this.setState({editing: 'child', done: null}), {disabled: found.ephemeralOwner !== '0x0'}),
      path !== '/' && button('Delete', () => this.deletion.current.showModal(),
        {disabled: found.numChildren > 0, title: found.numChildren > 0 ? 'It has children' : null}),
      button('Read again', () => this.read()));
  }

  render({path}, state) {
    const {found, data, access, error, refused, editing, done} = state;
    return el.section({class: 'card znode', 'aria-label': `Znode ${path}`},
      crumbs(path),
      problem(error),
      found && [
        editing ? this.editor(data) : this.actions(state),
        refusal(refused),
        done && el.p({role: 'status'}, badge('good', done)),
        !editing && h(Data, {bytes: data}),
        el.h3(null, 'Stat'), stats(found),
        access && accessList(access),
        el.dialog({ref: this.deletion, 'aria-labelledby': 'delete-title'},
          el.h2({id: 'delete-title'}, 'Delete it?'), el.p(null, el.code(null, path), `, version ${found.version}. Nothing brings it back.`),
          el.div({class: 'actions'}, el.button({type: 'button', class: 'main', onClick: () => this.delete()}, 'Delete'),
            el.button({type: 'button', onClick: () => this.deletion.current.close()}, 'Keep'))),
      ]);
  }
}

export function isUtf8(data) {
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(data);
    return true;
  } catch {
    return false;
  }
}
