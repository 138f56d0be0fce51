/**
 * Where the command finds header files, and the macros that gcc predefines.
 * @module
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ParseArgsConfig } from 'node:util';
import { type IncludeResolver, parseMacro } from '../cparser/index.ts';
import { ABIS, type AbiName, DEFAULT_ABI } from '../ctype/index.ts';
import { unreachable } from '../util/assert.ts';
import { Cdef } from '../view/index.ts';
import { UsageError } from './usage.ts';

// Where Debian has the headers of an ABI: gcc's own, those of a cross compiler, the machine's.
function debianFolders(abi: AbiName): { compilers: string[]; headers: string[] } {
  const native = ['/usr/local/include', '/usr/include/x86_64-linux-gnu', '/usr/include'];
  switch (abi) {
    case 'x86_64-linux-gnu':
    case 'i386-linux-gnu':
      return { compilers: ['/usr/lib/gcc/x86_64-linux-gnu'], headers: native };
    case 'aarch64-linux-gnu':
    case 'arm-linux-gnueabihf':
      return {
        compilers: [`/usr/lib/gcc-cross/${abi}`, `/usr/lib/gcc/${abi}`],
        headers: [`/usr/${abi}/include`, `/usr/include/${abi}`, ...native],
      };
    case 'x86_64-w64-mingw32':
      return { compilers: [`/usr/lib/gcc/${abi}`], headers: [`/usr/${abi}/include`] };
    case 'x86_64-pc-windows-msvc':
      return { compilers: [], headers: [] };
    default:
      return unreachable(abi);
  }
}

/** The folders of `#include <...>` on this machine, in gcc's order; those that are not there are left out. */
export function systemFolders(abi: AbiName = DEFAULT_ABI): string[] {
  const { compilers, headers } = debianFolders(abi);
  const compiler = compilers.find((folder) => existsSync(folder));
  const versions = compiler === undefined ? [] : readdirSync(compiler).sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a));
  const own = versions.slice(0, 1).map((version) => path.join(compiler as string, version, 'include'));
  return [...own, ...headers].filter((folder) => existsSync(folder));
}

/**
 * Finds headers as a compiler does: `"x.h"` beside the file that asks, then in `folders`, then `system`; `<x.h>` in the
 * latter two. `#include_next` goes on behind the folder in which the asking file was found.
 */
export function includeFrom(folders: readonly string[], system: readonly string[]): IncludeResolver {
  const all = [...folders, ...system];
  const texts = new Map<string, string>();
  return ({ name, isSystem, from, isNext }) => {
    const beside = path.dirname(from);
    const places = isNext ? all.slice(all.findIndex((folder) => from.startsWith(`${folder}/`)) + 1) : isSystem ? all : [beside, ...all];
    const candidates = path.isAbsolute(name) ? [name] : places.map((folder) => path.join(folder, name));
    const file = candidates.find((candidate) => texts.has(candidate) || (existsSync(candidate) && statSync(candidate).isFile()));
    if (file === undefined) return null;
    const text = texts.get(file) ?? readFileSync(file, 'utf8');
    texts.set(file, text);
    return { name: file, text };
  };
}

/** The macros that gcc (for Visual C++'s ABI, clang) predefines for an ABI, as options of `cdef` take them. */
export function predefinedMacros(abi: string): Record<string, string> {
  const text = readFileSync(new URL(`../../cdefs/abi/${abi}.h`, import.meta.url), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/^#define (\w+(?:\([^)]*\))?) ?(.*)$/gm)].map(([, head, body]) => [head as string, body as string]),
  );
}

/**
 * The macros of `-D NAME` and `-D NAME=BODY`.
 * @throws {TypeError} when one is no macro
 */
export function definedMacros(definitions: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    definitions.map((definition): [string, string] => {
      const equals = definition.indexOf('=');
      const [head, body] = equals < 0 ? [definition, '1'] : [definition.slice(0, equals), definition.slice(equals + 1)];
      const macro = parseMacro(`${head} ${body}`);
      if (typeof macro === 'string') throw new TypeError(`-D ${definition}: ${macro}`);
      return [head, body];
    }),
  );
}

/** The options of every command that reads C files; `commands.ts` has them for the help. */
export const headerOptions = {
  abi: { type: 'string', default: DEFAULT_ABI },
  'ms-bitfields': { type: 'boolean', default: false },
  include: { type: 'string', multiple: true, default: [] },
  'include-directory': { type: 'string', short: 'I', multiple: true, default: [] },
  define: { type: 'string', short: 'D', multiple: true, default: [] },
} as const satisfies ParseArgsConfig['options'];

/**
 * A text with the files of `-include` in front of it. As for gcc, these are looked for in the working directory and then in
 * `folders`, and the text's own lines keep their numbers.
 */
function withIncluded(text: string, file: string, included: readonly string[], folders: readonly string[]): string {
  if (included.length === 0) return text;
  const directives = included.map((name) => {
    const found = ['.', ...folders].map((folder) => path.resolve(folder, name)).find((full) => existsSync(full));
    if (found === undefined) throw new Error(`-include ${name}: not found`);
    // From where the file is, as the directive is read as if it stood there.
    return `#include "${path.relative(path.dirname(file), found)}"\n`;
  });
  return `# 1 "<command-line>"\n${directives.join('')}# 1 ${JSON.stringify(file)}\n${text}`;
}

/**
 * The declarations of a C file; `-` is standard input. Mistakes are reported on standard error and left out.
 * @throws {UsageError} for an ABI that is not known
 */
export function declarationsFrom(
  file: string,
  values: { readonly [Option in keyof typeof headerOptions]?: unknown },
): { c: Cdef; isComplete: boolean } {
  const abi = values.abi as AbiName;
  if (!Object.hasOwn(ABIS, abi)) throw new UsageError(`unknown ABI '${abi}', expected ${Object.keys(ABIS).join(' or ')}`);
  const c = new Cdef({ abi, msBitFields: values['ms-bitfields'] === true });
  const [folders, system] = [values['include-directory'] as string[], systemFolders(abi)];
  const name = file === '-' ? '<stdin>' : file;
  const text = withIncluded(readFileSync(file === '-' ? 0 : file, 'utf8'), name, values.include as string[], [...folders, ...system]);
  const errors = c.namespace.declareAll(text, name, {
    include: includeFrom(folders, system),
    define: { ...predefinedMacros(abi), ...definedMacros(values.define as string[]) },
  });
  for (const error of errors) process.stderr.write(`${error.message}\n`);
  return { c, isComplete: errors.length === 0 };
}
