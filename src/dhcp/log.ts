/**
 * The server's log: one event a line, as text or JSON. What comes from the network is escaped.
 * @module
 */
import { withoutControls } from '../util/text.ts';

export type LogLevel = 'info' | 'warning' | 'error';

/** What an event is about, by name; undefined ones are left out. */
export type LogFields = Readonly<Record<string, string | number | undefined>>;

export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** Makes a log that writes lines, each with its newline. */
export function createLog(form: 'text' | 'json' | 'none', write: (line: string) => void, now: () => Date = () => new Date()): Log {
  if (form === 'none') return () => {};
  return (level, event, fields = {}) => {
    const present = Object.entries(fields).filter(([, value]) => value !== undefined);
    const time = now().toISOString();
    if (form === 'json') write(`${withoutControls(JSON.stringify({ time, level, event, ...Object.fromEntries(present) }))}\n`);
    else
      write(
        `${time} ${level.padEnd(7)} ${event}${present.map(([name, value]) => ` ${name}=${shown(value as string | number)}`).join('')}\n`,
      );
  };
}

// Bare where nothing in it could be taken for something else.
function shown(value: string | number): string {
  const text = String(value);
  return /^[\w.:/-]+$/.test(text) ? text : withoutControls(JSON.stringify(text));
}
