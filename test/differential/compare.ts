/**
 * Texts, each of its own, as a compiler and this library read them: sizes, alignments, offsets, signs, the values of
 * constants, and the bytes of values with one member set.
 * @module
 */
import { type CType, fieldsOf, isRecord, type RecordType } from '../../src/ctype/index.ts';
import { CdefError } from '../../src/util/errors.ts';
import { Cdef, scalarOf } from '../../src/view/index.ts';
import { compile, type Compiler } from './compilers.ts';

/** Where the two differ: which text, what about it, and both answers. */
export interface Difference {
  readonly text: string;
  readonly question: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface Comparison {
  readonly differences: Difference[];
  /** Structs, unions, enums and typedef names that both have. */
  types: number;
  /** Single answers. */
  answers: number;
  /** Texts that the compiler refuses. */
  refused: number;
}

interface Question {
  readonly question: string;
  /** C that is a constant expression. */
  readonly ask: string;
  readonly answer: bigint;
}

interface Probe {
  readonly question: string;
  /** C that declares `@` as a variable. */
  readonly declare: string;
  readonly bytes: Uint8Array;
}

interface Subject {
  readonly text: string;
  readonly questions: Question[];
  readonly probes: Probe[];
  readonly refusal: string | null;
  readonly types: number;
}

const NOTHING_ASKED: Omit<Subject, 'text'> = { questions: [], probes: [], refusal: null, types: 0 };
const VALUES = [-1n, 0x5a3c_96f0_1e87_4bd2n] as const;
const LARGEST_PROBED = 2048;
// Types that an ABI lacks, complex integers; what gcc only warns of, and what would take for ever to list.
const REFUSED_ON_PURPOSE =
  /is not supported for|_Complex[^']*' is not a type|enumerators need more than 64 bits|exclude each other|'#pragma pack|expected a member name|more than bits|elements without bytes/;

/** Compares what both make of each of the texts. Names must be unique among all of them. */
export function compare(compiler: Compiler, texts: readonly string[]): Comparison {
  const result: Comparison = { differences: [], types: 0, answers: 0, refused: 0 };
  const subjects = new Map(texts.map((text, i) => [i, subjectOf(text, compiler)] as const));
  const variables = answersTo(compiler, subjects, result);
  for (const [i, { text, questions, probes, refusal, types }] of subjects) {
    const differ = (question: string, ours: string, theirs: string): void => {
      result.differences.push({ text, question, ours, theirs });
    };
    if (refusal !== null) {
      if (!REFUSED_ON_PURPOSE.test(refusal) && compiler.unlike?.test(refusal) !== true) differ('accepted', refusal, 'yes');
      continue;
    }
    result.types += types;
    const numbers = variables.get(`numbers_${i}`) ?? new Uint8Array();
    const data = new DataView(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    questions.forEach(({ question, answer }, j) => {
      const theirs = data.getBigInt64(j * 8, true);
      result.answers++;
      if (BigInt.asIntN(64, answer) !== theirs) differ(question, String(answer), String(theirs));
    });
    probes.forEach(({ question, bytes }, j) => {
      const theirs = variables.get(`probe_${i}_${j}`) ?? new Uint8Array();
      result.answers++;
      const [ours, hex] = [bytes, compiler.writesCoff ? theirs.subarray(0, bytes.length) : theirs].map((one) =>
        Buffer.from(one).toString('hex'),
      ) as [string, string];
      if (ours !== hex) differ(question, ours, hex);
    });
  }
  return result;
}

// Compiles all subjects; takes out of the map those that the compiler refuses, until it takes the rest.
function answersTo(compiler: Compiler, subjects: Map<number, Subject>, result: Comparison): Map<string, Uint8Array> {
  while (true) {
    const parts = [...subjects].map(([i, subject]) => program(i, subject));
    const compiled = compile(compiler, `${parts.join('')}const int end = 1;\n`);
    if ('variables' in compiled) return compiled.variables;
    const before = subjects.size;
    // Errors are about the text itself (`t3`), or about what we think is in it (`q3`).
    for (const [line, kind, index] of compiled.errors.matchAll(/^([tq])(\d+):.*error: .*$/gm)) {
      const subject = subjects.get(Number(index));
      if (subject === undefined) continue;
      subjects.delete(Number(index));
      if (kind === 't') result.refused++;
      else result.differences.push({ text: subject.text, question: 'names and types', ours: 'as asked', theirs: line });
    }
    if (subjects.size === before) throw new Error(compiled.errors.slice(0, 2000));
  }
}

/** The texts that both take. */
export function takenByBoth(compiler: Compiler, texts: readonly string[]): string[] {
  const subjects = texts.map((text) => subjectOf(text, compiler)).filter(({ refusal }) => refusal === null);
  const left = new Map(subjects.map(({ text }, i): [number, Subject] => [i, { ...NOTHING_ASKED, text }]));
  answersTo(compiler, left, { differences: [], types: 0, answers: 0, refused: 0 });
  return [...left.values()].map(({ text }) => text);
}

function program(index: number, { text, questions, probes }: Subject): string {
  const numbers = questions.map(({ ask }) => `(long long)(${ask})`).join(',\n');
  const variables = probes.map(({ declare }, j) => `const ${declare.replace('@', `probe_${index}_${j}`)};\n`).join('');
  return `# 1 "t${index}"\n${text}\n# 1 "q${index}"\n#pragma pack()\nconst long long numbers_${index}[] = { ${numbers} };\n${variables}`;
}

function subjectOf(text: string, { abi, msBitFields }: Compiler): Subject {
  const c = new Cdef({ abi, msBitFields });
  try {
    c.cdef(text);
  } catch (error) {
    if (!(error instanceof CdefError)) throw error;
    return { ...NOTHING_ASKED, text, refusal: error.message };
  }
  const { names, tags } = c.namespace;
  const typedefs = [...names].flatMap(([name, { kind }]) => (kind === 'typedef' ? [name] : []));
  const tagged = [...tags].map(([tag, { kind }]) => `${kind} ${tag}`);
  const spellings = [...tagged, ...typedefs].filter((spelling) => c.sizeof(spelling) !== null);
  const questions: Question[] = [];
  const probes: Probe[] = [];
  for (const spelling of spellings) askAbout(c, spelling, questions, probes);
  for (const [name, named] of names) {
    if (named.kind === 'constant') questions.push({ question: name, ask: name, answer: BigInt(named.value) });
    else if (named.kind === 'variable' && named.type.size !== null)
      questions.push({ question: `sizeof ${name}`, ask: `sizeof(${name})`, answer: BigInt(named.type.size) });
  }
  return { text, questions, probes, refusal: null, types: spellings.length };
}

function askAbout(c: Cdef, spelling: string, questions: Question[], probes: Probe[]): void {
  const object = c.typeof(spelling);
  const type = object.ctype;
  const ask = (expression: string, answer: number | boolean): void => {
    questions.push({ question: expression, ask: expression, answer: BigInt(answer) });
  };
  ask(`sizeof(${spelling})`, object.size as number);
  ask(`__alignof__(${spelling})`, object.align);
  if (type.kind === 'enum') ask(`(${spelling})-1 < 0`, type.definition.layout?.isSigned === true);
  if (type.kind === 'integer') ask(`(${spelling})-1 < 0`, type.isSigned);
  if (!isRecord(type)) return;
  for (const { path, offset, type: leaf, isBitField, isConst } of leaves(type, '', 0)) {
    if (offset !== null) ask(`__builtin_offsetof(${spelling}, ${path})`, offset);
    if (!isBitField && leaf.size !== null) ask(`sizeof(((${spelling} *)0)->${path})`, leaf.size);
    if ((object.size as number) > LARGEST_PROBED || isConst) continue;
    for (const [value, written] of valuesOf(leaf)) {
      const bytes = new Uint8Array(object.size as number);
      assign(object.view(bytes), path, value);
      probes.push({ question: `${spelling} with .${path} = ${written}`, declare: `${spelling} @ = { .${path} = ${written} }`, bytes });
    }
  }
}

interface Leaf {
  readonly path: string;
  /** Null where C has none: of bit-fields. */
  readonly offset: number | null;
  readonly type: CType;
  readonly isBitField: boolean;
  /** Whether it, or what it is in, is not to be written. */
  readonly isConst: boolean;
}

// Every member that can be named from the outside; of arrays the last element.
function leaves(type: RecordType, prefix: string, base: number): Leaf[] {
  return [...fieldsOf(type).values()].flatMap((field): Leaf[] => {
    const path = prefix + field.name;
    const isBitField = field.bits !== null;
    const offset = base + field.offset;
    const isConst = type.isConst || field.type.isConst || field.isInConst === true;
    const own = { path, offset: isBitField ? null : offset, type: field.type, isBitField, isConst };
    return [own, ...within(field.type, path, offset, isConst)];
  });
}

function within(type: CType, path: string, offset: number, isInConst: boolean): Leaf[] {
  if (isRecord(type)) {
    const inner = type.definition.tag === null ? leaves(type, `${path}.`, offset) : [];
    return isInConst ? inner.map((leaf) => ({ ...leaf, isConst: true })) : inner;
  }
  if (type.kind !== 'array' || type.isVector === true || typeof type.length !== 'number' || type.length === 0) return [];
  const last = type.length - 1;
  const { element } = type;
  const own = { path: `${path}[${last}]`, offset: offset + last * (element.size ?? 0), type: element, isBitField: false };
  const isConst = isInConst || element.isConst;
  return [{ ...own, isConst }, ...within(element, own.path, own.offset, isConst)];
}

/** What to set a member to, and how C writes that. */
function valuesOf(type: CType): (readonly [unknown, string])[] {
  if (type.kind === 'integer' || type.kind === 'bool' || type.kind === 'enum') return VALUES.map((value) => [value, `${value}LL`] as const);
  if (type.kind === 'float' && scalarOf(type) !== null) return [[-1.5, '-1.5']];
  if (type.kind === 'complex' && scalarOf(type.part) !== null) return [[{ re: 2.5, im: 0 }, '2.5']];
  return [];
}

type Holder = Record<string, unknown>;

function assign(view: Holder, path: string, value: unknown): void {
  const steps = path.match(/\w+/g) as string[];
  let holder = view;
  for (const step of steps.slice(0, -1)) holder = holder[step] as Holder;
  holder[steps.at(-1) as string] = value;
}
