// How figures are written.

const whole = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const fine = new Intl.NumberFormat('en', {maximumFractionDigits: 1});
const finest = new Intl.NumberFormat('en', {maximumFractionDigits: 2});
const NONE = '–';

export function number(value) {
  return value == null || Number.isNaN(value) ? NONE : Math.abs(value) < 10 ? fine.format(value) : whole.format(value);
}

export function count(value, one, many = `${one}s`) {
  return `${whole.format(value)} ${value === 1 ? one : many}`;
}

export function millis(value) {
  return value == null ? NONE : value < 10 ? `${finest.format(value)} ms` : `${whole.format(value)} ms`;
}

export function bytes(value) {
  if (value == null || value > 2 ** 60) {
    return NONE;
  }
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${number(value / 1024 ** power)} ${units[power]}`;
}

/** 850 ms, 1.2 s, 12 s, 3 min, 5 h, 2 d. */
export function duration(ms) {
  if (ms == null) {
    return NONE;
  }
  const steps = [['d', 86400000], ['h', 3600000], ['min', 60000], ['s', 1000]];
  const step = steps.find(([, size]) => ms >= size);
  if (ms >= 1000 && ms < 10000) {
    return `${fine.format(Math.floor(ms / 100) / 10)} s`;
  }
  return step ? `${Math.floor(ms / step[1])} ${step[0]}` : `${Math.max(0, Math.round(ms))} ms`;
}

export function clock(at, withMillis = false) {
  const date = new Date(at);
  const two = n => String(n).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return withMillis ? `${time}.${String(date.getMilliseconds()).padStart(3, '0')}` : time;
}

export function moment(at, withMillis = false) {
  const date = new Date(at);
  return Math.abs(Date.now() - at) < 43200000 ? clock(at, withMillis)
    : `${date.toISOString().slice(0, 10)} ${clock(at, withMillis)}`;
}

/** Epoch and counter, as people speak of zxids. */
export function zxid(hex) {
  if (!hex) {
    return NONE;
  }
  const value = BigInt(hex);
  return `${value >> 32n}/${value & 0xffffffffn}`;
}
