/**
 * `cdef layout`: sizes, alignments, offsets and holes of the structs in a C file, as text, as data or as a picture.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { isRecord, type RecordType } from '../../ctype/index.ts';
import { layoutAsJson, layoutAsText, layoutsAsSvg, type RowBytes, typeNames } from '../../report/index.ts';
import type { Cdef } from '../../view/index.ts';
import { paintLayout, usesColor } from '../colors.ts';
import { declarationsFrom, headerOptions } from '../headers.ts';
import { type Command, readArguments, UsageError } from '../usage.ts';

export const layoutCommand: Command = (args) => {
  const { values, positionals } = readArguments({
    args,
    options: {
      ...headerOptions,
      json: { type: 'boolean', default: false },
      svg: { type: 'boolean', default: false },
      row: { type: 'string' },
      output: { type: 'string', short: 'o' },
      cacheline: { type: 'string', default: '64' },
      color: { type: 'string', default: 'auto' },
    },
    allowPositionals: true,
  });
  const [file, ...wanted] = positionals;
  if (file === undefined) throw new UsageError('layout: expected a file with C declarations');
  if (values.json && values.svg) throw new UsageError('layout: --json and --svg exclude each other');
  const rowBytes = rowBytesOf(values.row);
  const cachelineSize = cachelineOf(values.cacheline);
  const isTTY = values.output === undefined && process.stdout.isTTY;
  const paint = usesColor(values.color, { isTTY, env: process.env }) ? { paint: paintLayout } : {};
  const { c, isComplete } = declarationsFrom(file, values);
  const chosen = records(c, wanted);
  if (values.svg && chosen.length === 0) throw new Error(`layout: no struct or union to draw in ${file}`);
  let text: string;
  if (values.json) text = json(c, wanted, chosen);
  else if (values.svg) text = layoutsAsSvg(chosen, rowBytes);
  else text = chosen.map(({ type, name }) => layoutAsText(type, name, { cachelineSize, ...paint })).join('\n');
  if (values.output === undefined) process.stdout.write(text);
  else writeFileSync(values.output, text);
  return isComplete ? 0 : 1;
};

function rowBytesOf(text: string | undefined): { rowBytes?: RowBytes } {
  if (text === undefined) return {};
  if (text !== '4' && text !== '8' && text !== '16') throw new UsageError(`layout: --row ${text}: expected 4, 8 or 16`);
  return { rowBytes: Number(text) as RowBytes };
}

function cachelineOf(text: string): number {
  const size = /^\d+$/.test(text) ? Number(text) : 0;
  if (size > 0 && Number.isSafeInteger(size)) return size;
  throw new UsageError(`layout: --cacheline ${text}: expected a number of bytes`);
}

// The definitions that the types named on the command line stand for; null for all.
function selected(c: Cdef, wanted: readonly string[]): Set<object> | null {
  if (wanted.length === 0) return null;
  return new Set(
    wanted.map((name) => {
      const type = c.namespace.typeNamed(name);
      if (isRecord(type) && type.definition.layout !== null) return type.definition;
      throw new UsageError(`layout: '${name}' is no complete struct or union`);
    }),
  );
}

/** The structs and unions to show, in order of their completion. */
function records(c: Cdef, wanted: readonly string[]): { type: RecordType; name: string }[] {
  const names = typeNames(c.namespace);
  const only = selected(c, wanted);
  return c.namespace.completed.flatMap((type) => {
    const name = names.get(type.definition);
    if (type.kind === 'enum' || name === undefined) return [];
    return only === null || only.has(type.definition) ? [{ type, name }] : [];
  });
}

function json(c: Cdef, wanted: readonly string[], chosen: readonly { name: string }[]): string {
  const layout = layoutAsJson(c.namespace);
  if (wanted.length > 0) {
    const kept = new Set(chosen.map(({ name }) => name));
    layout.types = layout.types.filter((type) => kept.has(type.name));
  }
  return `${JSON.stringify(layout, null, 2)}\n`;
}
