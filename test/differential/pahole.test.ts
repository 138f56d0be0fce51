import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRecord } from '../../src/ctype/index.ts';
import { layoutSummary } from '../../src/report/index.ts';
import { cdef } from '../../src/view/index.ts';
import { fc } from '../helpers/properties.ts';
import { randomRecord, recordText } from '../helpers/structs.ts';
import { whyNoGcc } from './gcc.ts';

function whyNoPahole(): string | null {
  const gcc = whyNoGcc();
  if (gcc !== null) return gcc;
  if (spawnSync('pahole', ['--version']).status === 0) return null;
  if (process.env['CI'] !== undefined) throw new Error('pahole is not installed');
  return 'pahole is not installed';
}

const reason = whyNoPahole();
const RECORDS = 1500;

/** The figures of a summary, by pahole's names; those that are 0 are left out. */
type Figures = Record<string, number>;

// pahole's figures by tag. The comments of a struct itself are indented by one tab; figures are `name: number`.
function paholeFigures(text: string, tags: readonly string[]): Map<string, Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'cdef-pahole-'));
  try {
    const source = join(folder, 'structs.c');
    writeFileSync(source, `${text}\n${tags.map((tag, i) => `struct ${tag} *v${i};`).join('\n')}\n`);
    execFileSync('gcc', ['-std=gnu11', '-w', '-g', '-c', '-o', join(folder, 'structs.o'), source], { stdio: ['ignore', 'ignore', 'pipe'] });
    const output = execFileSync('pahole', ['-F', 'dwarf', join(folder, 'structs.o')], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const found = new Map<string, Figures>();
    for (const [, tag, body] of output.matchAll(/^struct (\w+) \{\n(.*?)^\}/gms)) {
      const comments = [...(body as string).matchAll(/^\t\/\* ([a-z].*) \*\/$/gm)].map(([, comment]) => comment).join(', ');
      const figures = [...comments.matchAll(/([a-z_ ]+): (\d+)/g)].map(
        ([, name, number]) => [(name as string).trim(), Number(number)] as const,
      );
      found.set(tag as string, Object.fromEntries(figures.filter(([, number]) => number !== 0)));
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ourFigures(text: string, tag: string): Figures {
  const { ctype } = cdef(text).typeof(`struct ${tag}`);
  if (!isRecord(ctype)) throw new Error(`${tag} is no struct`);
  const sums = layoutSummary(ctype);
  const hasHoles = sums.holes + sums.bitHoles > 0;
  const figures: Figures = {
    size: sums.size,
    cachelines: sums.cachelines,
    members: sums.members,
    holes: sums.holes,
    'sum holes': sums.holeBytes,
    'bit holes': sums.bitHoles,
    'sum bit holes': sums.bitHoleBits,
    padding: sums.padding,
    bit_padding: sums.bitPadding,
    'last cacheline': sums.lastCacheline,
    // pahole says these only where there are holes.
    'sum members': hasHoles ? sums.memberBytes : 0,
    'sum bitfield members': hasHoles ? sums.bitFieldBits : 0,
  };
  return Object.fromEntries(Object.entries(figures).filter(([, number]) => number !== 0));
}

// What pahole says beyond: of nested structs, and of alignments that were asked for.
const OTHERS = ['paddings', 'sum paddings', 'forced alignments', 'forced holes', 'sum forced holes', 'flexible array members'];

// pahole counts no hole before the first member or beside an array of no elements, where its own sums do not make the
// size, and takes no notice of structs without named members.
function isSeenWhole(members: string): boolean {
  return !members.includes('[0]') && !/^(\w+ )+ ?: \d/.test(members) && !/\{[^m{}]*\}/.test(`{ ${members} }`);
}

describe.skipIf(reason !== null)(`sums of layouts as pahole has them${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  it(`of ${RECORDS} random structs`, () => {
    const seed = process.env['CI'] === undefined ? Date.now() : 1;
    const structs = fc
      .sample(randomRecord, { numRuns: RECORDS, seed })
      .filter(({ kind, members }) => kind === 'struct' && isSeenWhole(members))
      .map((record, i) => ({ tag: `s${i}`, text: recordText(record, `s${i}`) }));
    const theirs = paholeFigures(
      structs.map(({ text }) => text).join('\n'),
      structs.map(({ tag }) => tag),
    );
    let compared = 0;
    for (const { tag, text } of structs) {
      const figures = theirs.get(tag);
      if (figures === undefined) continue;
      compared++;
      const pahole = Object.fromEntries(Object.entries(figures).filter(([name]) => !OTHERS.includes(name)));
      expect({ seed, text, ...ourFigures(text, tag) }).toEqual({ seed, text, ...pahole });
    }
    expect(compared).toBeGreaterThan(RECORDS / 4);
  });
});
