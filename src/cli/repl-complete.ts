/**
 * What can stand at the end of a line of the prompt.
 * @module
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type CType, constantsOf, fieldsOf, isRecord } from '../ctype/index.ts';
import { engineNames } from '../engines/engine.ts';
import type { Cdef } from '../view/index.ts';
import type { Session } from './repl-session.ts';

const KEYWORDS = 'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
  ' ',
);

// A name, and fields and elements of it that need no evaluation; then the separator and what there is of the next name.
const MEMBER = /([A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*|\s*\[\s*(?:-?\d+|'[^'\\]*'|"[^"\\]*")\s*\])*)\s*([.:])\s*([A-Za-z_]\w*)?$/;
const STEP = /([A-Za-z_]\w*)|\[\s*(?:(-?\d+)|'([^'\\]*)'|"([^"\\]*)")\s*\]/g;
// The text that a function of the ffi takes for a type, as far as it has been typed.
const TYPE_TEXT = /\b(?:new|cast|typeof|sizeof|alignof|offsetof|istype|metatype)\s*\(?\s*(['"])([^'"]*)$/;

/** Completions of a line, and the end of it that they take the place of; as `node:readline` wants them. */
export function completeLine(session: Session, line: string): [string[], string] {
  const command = /^\s*(\.\w*)(?:\s+(.*))?$/s.exec(line);
  if (command !== null && !session.isPending) return completeCommand(session, command[1] as string, command[2]);
  const [, , typeText] = TYPE_TEXT.exec(line) ?? [];
  if (typeText !== undefined) return matching(typeNames(session.cdef), typeText);
  if (isInString(line)) return [[], line];
  const [whole = '', receiver, separator, front = ''] = MEMBER.exec(line) ?? [];
  if (receiver === undefined) {
    const [word] = /[A-Za-z_]\w*$/.exec(line) ?? [''];
    // A member of something that would have to be called.
    if (/[.:]\s*$/.test(line.slice(0, line.length - word.length))) return [[], line];
    return matching([...session.membersOf([], false).names, ...KEYWORDS], word);
  }
  // What stands in front makes it a member of something else.
  if (/(?:[.:]\s*|[)\]])$/.test(line.slice(0, line.length - whole.length))) return [[], line];
  const keys = [...receiver.matchAll(STEP)].map(([, name, number, one, other]) =>
    number === undefined ? (name ?? one ?? other ?? '') : Number(number),
  );
  const { names, kind, type, isCtype } = session.membersOf(keys, separator === ':');
  if (kind === 'library') return matching(libraryNames(session.cdef), front);
  return matching(type === null ? names : [...names, ...namesIn(type, isCtype)], front);
}

function completeCommand(session: Session, name: string, argument: string | undefined): [string[], string] {
  if (argument === undefined) return matching(session.commandNames, name);
  if (name === '.layout') return matching(recordNames(session.cdef), argument);
  if (name === '.engine') return matching(engineNames, argument);
  if (name === '.load') return matching(files(argument), argument);
  return [[], argument];
}

// Names that begin as `front` does; those that Lua reserves for itself only when asked for.
function matching(names: Iterable<string>, front: string): [string[], string] {
  const found = [...new Set(names)].filter((name) => name.startsWith(front) && (front.startsWith('_') || !name.startsWith('__')));
  return [found.sort(), front];
}

// An odd quote opens a string that the line does not close.
function isInString(line: string): boolean {
  const rest = line.replace(/\\./g, '').replace(/'[^'"]*'|"[^"]*"/g, '');
  return /['"]/.test(rest) || /--/.test(rest);
}

function recordNames({ namespace }: Cdef): string[] {
  const tags = [...namespace.tags].flatMap(([tag, type]) => (isRecord(type) ? [`${type.kind} ${tag}`] : []));
  const typedefs = [...namespace.names].flatMap(([name, named]) => (named.kind === 'typedef' && isRecord(named.type) ? [name] : []));
  return [...tags, ...typedefs];
}

function typeNames({ namespace }: Cdef): string[] {
  const tags = [...namespace.tags].map(([tag, { kind }]) => `${kind} ${tag}`);
  const names = [...namespace.predefined, ...namespace.names].flatMap(([name, { kind }]) => (kind === 'typedef' ? [name] : []));
  return [...tags, ...names, ...'char double float int long short struct union unsigned void'.split(' ')];
}

function libraryNames({ namespace }: Cdef): string[] {
  return [...namespace.names].flatMap(([name, { kind }]) => (kind === 'typedef' ? [] : [name]));
}

// Of a cdata, its fields, also behind a pointer; of a ctype, the constants in its scope.
function namesIn(type: CType, isCtype: boolean): string[] {
  const target = type.kind === 'pointer' || type.kind === 'reference' ? type.target : type;
  if (!isRecord(target)) return [];
  return isCtype ? [...constantsOf(target).keys()] : [...fieldsOf(target).keys(), ...constantsOf(target).keys()];
}

function files(front: string): string[] {
  const folder = front.endsWith('/') ? front : path.dirname(front);
  try {
    const prefix = front.includes('/') ? `${folder.replace(/\/$/, '')}/` : '';
    return readdirSync(folder, { withFileTypes: true }).map((file) => `${prefix}${file.name}${file.isDirectory() ? '/' : ''}`);
  } catch {
    return [];
  }
}
