/**
 * Functions of the library that compiled text does in line, as long as the function that is called is the library's own. The name in the
 * text only says where that is worth asking.
 * @module
 */
import type { CallExpression, Expression, MethodCallExpression } from './ast.ts';
import { helperOf } from './runtime/intrinsics.ts';

/** What a call does in line where `tests` hold for its arguments. */
interface InLine {
  readonly count: number;
  readonly tests: (...args: string[]) => string;
  readonly value: (...args: string[]) => string;
}

const INTEGER = /^\d{1,10}$/;

/** `bit` takes integers up to this as JavaScript's operators on 32 bits do; what is beyond loses its low bits. */
const WIDEST = 2 ** 51;

// A number that JavaScript's operators on 32 bits take as `bit` does.
function isBits(arg: string): string {
  return INTEGER.test(arg) ? '' : `typeof ${arg}==='number'&&(${arg}|0)===${arg}`;
}

// The same of what is often beyond 32 bits, as sums are that have to be brought back into them.
function isWideBits(arg: string): string {
  return INTEGER.test(arg) ? '' : `typeof ${arg}==='number'&&Math.floor(${arg})===${arg}&&${arg}<${WIDEST}&&${arg}>-${WIDEST}`;
}

function bits(arg: string): string {
  return INTEGER.test(arg) ? `(${Number(arg) | 0})` : arg;
}

function onBits(value: (a: string, b: string) => string): InLine {
  return {
    count: 2,
    tests: (a, b) => both(isBits(a as string), isBits(b as string)),
    value: (a, b) => value(bits(a as string), bits(b as string)),
  };
}

function onNumber(value: (a: string) => string): InLine {
  return { count: 1, tests: (a) => `typeof ${a}==='number'`, value: (a) => value(a as string) };
}

function onNumbers(value: (a: string, b: string) => string): InLine {
  return {
    count: 2,
    tests: (a, b) => both(isNumber(a as string), isNumber(b as string)),
    value: (a, b) => value(a as string, b as string),
  };
}

function isNumber(arg: string): string {
  return INTEGER.test(arg) ? '' : `typeof ${arg}==='number'`;
}

function both(a: string, b: string): string {
  return [a, b].filter((test) => test !== '').join('&&');
}

const IN_LINE: ReadonlyMap<string, InLine> = new Map([
  ['band', onBits((a, b) => `${a}&${b}`)],
  ['bor', onBits((a, b) => `${a}|${b}`)],
  ['bxor', onBits((a, b) => `${a}^${b}`)],
  ['lshift', onBits((a, b) => `${a}<<${b}`)],
  ['rshift', onBits((a, b) => `${a}>>>${b}|0`)],
  ['arshift', onBits((a, b) => `${a}>>${b}`)],
  ['rol', onBits((a, b) => `${a}<<${b}|${a}>>>-${b}`)],
  ['ror', onBits((a, b) => `${a}>>>${b}|${a}<<-${b}`)],
  ['bnot', { count: 1, tests: (a) => isBits(a as string), value: (a) => `~${bits(a as string)}` }],
  ['tobit', { count: 1, tests: (a) => isWideBits(a as string), value: (a) => `${bits(a as string)}|0` }],
  ['floor', onNumber((a) => `Math.floor(${a})`)],
  ['ceil', onNumber((a) => `Math.ceil(${a})`)],
  ['sqrt', onNumber((a) => `Math.sqrt(${a})`)],
  ['abs', onNumber((a) => `Math.abs(${a})`)],
  ['min', onNumbers((a, b) => `${a}<${b}?${a}:${b}`)],
  ['max', onNumbers((a, b) => `${a}>${b}?${a}:${b}`)],
  [
    'byte',
    {
      count: 2,
      tests: (text, at) => `typeof ${text}==='string'&&typeof ${at}==='number'&&${at}>=1&&${at}<=(${text}).length`,
      value: (text, at) => `(${text}).charCodeAt(${at}-1)`,
    },
  ],
]);

// What the text calls a function.
function nameOf(node: CallExpression | MethodCallExpression): string | null {
  if (node.kind === 'method') return node.name;
  return keyOf(node.callee.kind === 'local' ? (node.callee.variable.values[0] ?? node.callee) : node.callee);
}

function keyOf(callee: Expression): string | null {
  return callee.kind === 'index' && callee.key.kind === 'string' ? callee.key.value : null;
}

/** Whether a call is likely to be done in line. */
export function isInLine(node: CallExpression | MethodCallExpression): boolean {
  const name = nameOf(node);
  return name !== null && IN_LINE.has(name);
}

/** The test and the value of a call in line; null where it is none that is known. `args` are names and literals. */
export function inLine(
  node: CallExpression | MethodCallExpression,
  callee: string,
  args: readonly string[],
  use: (helper: string) => string,
): { readonly test: string; readonly value: string } | null {
  const name = nameOf(node);
  const found = name === null ? undefined : IN_LINE.get(name);
  if (name === null || found?.count !== args.length || args.some((arg) => arg.startsWith('...'))) return null;
  return { test: both(`${callee}===${use(helperOf(name))}`, found.tests(...args)), value: `(${found.value(...args)})` };
}
