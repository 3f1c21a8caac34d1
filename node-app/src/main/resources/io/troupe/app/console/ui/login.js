// Who the user is, and how to become one.
import {el, Component, createRef, problem} from './dom.js';
import {logIn, logOut, userName} from './api.js';

const CHANGED = 'troupe-login';

/** Opens the form, from wherever a change was refused. */
export function askForLogin() {
  dispatchEvent(new Event(CHANGED));
}

/** Why a change was refused, and what to do about it. */
export function refusal(error) {
  if (!error) {
    return null;
  }
  const needsUser = error.status === 401 || error.cause === 'role' || error.cause === 'no-auth';
  return el.div({class: 'problem', role: 'alert'},
    el.p(null, el.strong(null, error.title), ' ', error.detail),
    needsUser && el.p(null, el.button({type: 'button', onClick: askForLogin}, 'Log in …')));
}

export class Account extends Component {
  state = {error: null, busy: false};
  dialog = createRef();

  componentDidMount() {
    addEventListener(CHANGED, () => this.open());
  }

  open() {
    this.setState({error: null});
    this.dialog.current.showModal();
  }

  async submit(event) {
    event.preventDefault();
    const form = event.currentTarget;
    this.setState({busy: true, error: null});
    try {
      await logIn(form.elements.name.value, form.elements.password.value);
      form.reset();
      this.dialog.current.close();
    } catch (error) {
      this.setState({error});
    }
    this.setState({busy: false});
  }

  render({known}, {error, busy}) {
    return [
      userName
        ? el.span({class: 'user'}, userName, ' ', el.button({type: 'button', class: 'plain', onClick: () => {
          logOut();
          this.setState({});
        }}, 'Log out'))
        : [known && el.span({class: 'user'}, known),
          el.button({type: 'button', class: 'plain', id: 'login', onClick: () => this.open()}, known ? 'Log in as another' : 'Log in')],
      el.dialog({ref: this.dialog, 'aria-labelledby': 'login-title'},
        el.form({onSubmit: event => this.submit(event)},
          el.h2({id: 'login-title'}, 'Log in'),
          el.label(null, 'User', el.input({name: 'name', autocomplete: 'username', required: true})),
          el.label(null, 'Password', el.input({name: 'password', type: 'password', autocomplete: 'current-password', required: true})),
          problem(error),
          el.div({class: 'actions'},
            el.button({type: 'submit', class: 'main', disabled: busy}, 'Log in'),
            el.button({type: 'button', onClick: () => this.dialog.current.close()}, 'Cancel')),
          el.p({class: 'quiet'}, 'Users stand in troupe.http.users of each node. ', el.code(null, 'bin/troupe password NAME --role writer'),
            ' prints the line to add there; start the node again then.'))),
    ];
  }
}
