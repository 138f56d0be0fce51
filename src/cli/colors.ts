/**
 * Whether output is coloured, and the colours.
 * @module
 */
import { inspect } from 'node:util';
import type { LayoutPart } from '../report/index.ts';
import { UsageError } from './usage.ts';

const STYLES: Readonly<Record<LayoutPart, string>> = {
  type: 'bold',
  number: 'gray',
  name: 'cyan',
  unused: 'yellow',
  note: 'gray',
  advice: 'green',
};

/** What decides for `auto`: the terminal, and the environment with `NO_COLOR` (no-color.org) and Node's `FORCE_COLOR`. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether to colour, by the value of `--color`. As in Node, `FORCE_COLOR` has precedence over `NO_COLOR`.
 * @throws {UsageError} for a value that is none
 */
export function usesColor(when: string, { isTTY, env }: Terminal): boolean {
  if (when === 'always') return true;
  if (when === 'never') return false;
  if (when !== 'auto') throw new UsageError(`--color ${when}: expected auto, always or never`);
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  return isTTY === true && env['TERM'] !== 'dumb';
}

/** Colours a piece of a layout. Not by `styleText`, which from Node 22.13 on decides for itself whether to. */
export function paintLayout(part: LayoutPart, text: string): string {
  const [on, off] = inspect.colors[STYLES[part]] as [number, number];
  return `\x1b[${on}m${text}\x1b[${off}m`;
}
