/**
 * `cdef layout`: sizes, alignments, offsets and holes of the structs in a C file.
 * @module
 */
import { isRecord } from '../../ctype/index.ts';
import { layoutAsJson, layoutAsText, typeNames } from '../../report/index.ts';
import type { Cdef } from '../../view/index.ts';
import { declarationsFrom, headerOptions } from '../headers.ts';
import { type Command, readArguments, UsageError } from '../usage.ts';

export const layoutCommand: Command = {
  usage: 'cdef layout [--json] [--abi NAME] [-I DIR] [-D NAME[=BODY]] FILE.h [TYPE...]',
  summary: 'size, alignment, offsets and holes of C structs',
  run: (args) => {
    const { values, positionals } = readArguments({
      args,
      options: { ...headerOptions, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [file, ...wanted] = positionals;
    if (file === undefined) throw new UsageError('layout: expected a file with C declarations');
    const { c, isComplete } = declarationsFrom(file, values);
    process.stdout.write(values.json === true ? json(c, wanted) : listing(c, wanted));
    return isComplete ? 0 : 1;
  },
};

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

function json(c: Cdef, wanted: readonly string[]): string {
  const layout = layoutAsJson(c.namespace);
  const only = selected(c, wanted);
  if (only !== null) {
    const names = typeNames(c.namespace);
    const kept = new Set([...only].map((definition) => names.get(definition as never)));
    layout.types = layout.types.filter((type) => kept.has(type.name));
  }
  return `${JSON.stringify(layout, null, 2)}\n`;
}

function listing(c: Cdef, wanted: readonly string[]): string {
  const names = typeNames(c.namespace);
  const only = selected(c, wanted);
  const parts: string[] = [];
  for (const type of c.namespace.completed) {
    const name = names.get(type.definition);
    if (type.kind === 'enum' || name === undefined) continue;
    if (only === null || only.has(type.definition)) parts.push(layoutAsText(type, name));
  }
  return parts.join('\n');
}
