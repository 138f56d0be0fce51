/**
 * `cdef dump`: the bytes of a file as a C type, annotated.
 * @module
 */
import { readFileSync } from 'node:fs';
import { dump } from '../../report/index.ts';
import { declarationsFrom, headerOptions } from '../headers.ts';
import { type Command, readArguments, UsageError } from '../usage.ts';

export const dumpCommand: Command = (args) => {
  const { values, positionals } = readArguments({
    args,
    options: { ...headerOptions, offset: { type: 'string', default: '0' }, array: { type: 'string', default: '1' } },
    allowPositionals: true,
  });
  const [file, name, data] = positionals;
  if (file === undefined || name === undefined || data === undefined)
    throw new UsageError('dump: expected a C file, a type and a file of bytes');
  const { c, isComplete } = declarationsFrom(file, values);
  const { ctype } = c.typeof(name);
  const bytes = readFileSync(data === '-' ? 0 : data);
  const size = ctype.size ?? 0;
  const offset = count(values.offset as string, '--offset');
  for (let i = 0; i < count(values.array as string, '--array'); i++) process.stdout.write(dump(ctype, bytes, offset + i * size));
  return isComplete ? 0 : 1;
};

function count(text: string, option: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new UsageError(`dump: ${option} takes a whole number from 0, got '${text}'`);
  return number;
}
