/**
 * The server's log: one event a line, as text or JSON. What comes from the network is escaped.
 * @module
 */
import { withoutControls } from '../util/text.ts';

/** From the least to the most important. */
export const LOG_LEVELS = ['info', 'warning', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** What an event is about, by name; undefined ones are left out. */
export type LogFields = Readonly<Record<string, string | number | undefined>>;

/** Fields that take time to make are made when they are written. */
export type Log = (level: LogLevel, event: string, fields?: LogFields | (() => LogFields)) => void;

/** Options of `createLog`. */
export interface LogOptions {
  readonly form: 'text' | 'json' | 'none';
  /** The least important events that are written; all by default. */
  readonly level?: LogLevel;
  /** Takes lines, each with its newline. */
  write(line: string): void;
  readonly now?: () => Date;
}

/** Makes a log. */
export function createLog({ form, level: least = 'info', write, now = () => new Date() }: LogOptions): Log {
  if (form === 'none') return () => {};
  const render = form === 'json' ? renderJson : renderText;
  const levels = LOG_LEVELS.slice(LOG_LEVELS.indexOf(least));
  return (level, event, fields = {}) => {
    if (!levels.includes(level)) return;
    const present = Object.entries(typeof fields === 'function' ? fields() : fields).filter(
      (entry): entry is [string, string | number] => entry[1] !== undefined,
    );
    write(`${render(now().toISOString(), level, event, present)}\n`);
  };
}

type Render = (time: string, level: LogLevel, event: string, fields: readonly [string, string | number][]) => string;

const renderJson: Render = (time, level, event, fields) =>
  withoutControls(JSON.stringify({ time, level, event, ...Object.fromEntries(fields) }));

const renderText: Render = (time, level, event, fields) =>
  `${time} ${level.padEnd(7)} ${event}${fields.map(([name, value]) => ` ${name}=${shown(value)}`).join('')}`;

// Bare where nothing in it could be taken for something else.
function shown(value: string | number): string {
  const text = String(value);
  return /^[\w.:/-]+$/.test(text) ? text : withoutControls(JSON.stringify(text));
}

/** Lines of one turn of the event loop are written together. */
export class LineBuffer {
  readonly #write: (lines: string) => void;
  #lines: string[] = [];

  constructor(write: (lines: string) => void) {
    this.#write = write;
  }

  add(lines: string): void {
    this.#lines.push(lines);
    if (this.#lines.length === 1) setImmediate(() => this.flush());
  }

  flush(): void {
    if (this.#lines.length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    this.#write(text);
  }
}

/** Lines that a sender could have written for nothing, a second. */
const MOST = 20;

/**
 * A log for events that anybody on the network can cause: so many of each kind a second, then their number.
 * @param now seconds
 */
export function limitedLog(log: Log, now: () => number): Log {
  const counts: Map<string, number> = new Map();
  let second = 0;
  return (level, event, fields) => {
    const current = Math.floor(now());
    if (current !== second) {
      second = current;
      const left = [...counts].filter(([, count]) => count > MOST);
      counts.clear();
      for (const [name, count] of left) log('warning', 'more of these were not logged', { what: name, count: count - MOST });
    }
    const count = (counts.get(event) ?? 0) + 1;
    counts.set(event, count);
    if (count <= MOST) log(level, event, fields);
  };
}
