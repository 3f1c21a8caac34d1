// What the page asks of its node. Passwords are kept in memory only, and go nowhere else.

/** Why a request came to nothing, in words. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.cause = body.cause ?? 'failed';
    this.title = body.title ?? `HTTP ${status}`;
    this.detail = body.detail ?? '';
  }
}

let authorization = null;
export let userName = null;

const UNREACHABLE = {title: 'The node does not answer.', detail: 'Its process may have ended; the page goes on once it is back.'};

async function ask(method, path, body, extra) {
  const headers = {Accept: 'application/json', ...extra};
  if (authorization) {
    headers.Authorization = authorization;
  }
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch(path, {method, headers, body: body === undefined ? undefined : JSON.stringify(body)});
  } catch {
    throw new Refusal(0, UNREACHABLE);
  }
  const text = await response.text();
  let told = {};
  try {
    told = text ? JSON.parse(text) : {};
  } catch {
    told = {title: text.slice(0, 200)};
  }
  if (!response.ok) {
    throw new Refusal(response.status, told);
  }
  return told;
}

export function query(params) {
  const written = Object.entries(params).filter(([, value]) => value != null && value !== '');
  return new URLSearchParams(written).toString();
}

export const get = (route, params = {}) => ask('GET', `/api/v1/${route}?${query(params)}`);
export const post = (route, body) => ask('POST', `/api/v1/${route}`, body);
export const put = (route, params, body) => ask('PUT', `/api/v1/${route}?${query(params)}`, body);
export const remove = (route, params) => ask('DELETE', `/api/v1/${route}?${query(params)}`);

/** Proves who the user is; refused where the password is wrong. */
export async function logIn(name, password) {
  const raw = new TextEncoder().encode(`${name}:${password}`);
  const basic = `Basic ${btoa(String.fromCharCode(...raw))}`;
  await ask('GET', '/api/v1/status', undefined, {Authorization: basic});
  authorization = basic;
  userName = name;
}

export function logOut() {
  authorization = null;
  userName = null;
}
