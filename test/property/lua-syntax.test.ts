import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/engines/jit/parser.ts';
import { LuaSyntaxError } from '../../src/util/errors.ts';
import { mutated, randomProgram } from '../helpers/lua-syntax.ts';
import { fc } from '../helpers/properties.ts';
import { Random } from '../helpers/random.ts';

const LUA = new URL('../../lua/', import.meta.url);

function accepts(text: string, extensions: boolean): boolean {
  try {
    parse(text, '=c', { extensions });
    return true;
  } catch (error) {
    if (!(error instanceof LuaSyntaxError)) throw error;
    expect(error.message).toMatch(/^c:\d+: /);
    return false;
  }
}

describe('Lua text is accepted or refused with a LuaSyntaxError', () => {
  it('whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, extensions) => {
        accepts(Buffer.from(bytes).toString('latin1'), extensions);
      }),
    );
  });

  it.each(readdirSync(LUA, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.lua')))(
    'wherever lua/%s ends, and with mistakes',
    (file) => {
      const text = readFileSync(new URL(file, LUA), 'latin1');
      expect(accepts(text, false)).toBe(true);
      const random = new Random(text.length);
      for (let i = 0; i < 50; i++) {
        accepts(text.slice(0, random.below(text.length)), true);
        accepts(mutated(text, random, 3), random.often(0.5));
      }
    },
  );

  it('in random programs with mistakes; what is accepted without extensions is with them', () => {
    const random = new Random(1);
    const counts = { accepted: 0, refused: 0 };
    for (let i = 0; i < 3000; i++) {
      const text = mutated(randomProgram(random), random, 3);
      const isAccepted = accepts(text, false);
      counts[isAccepted ? 'accepted' : 'refused']++;
      const isAcceptedToo = accepts(text, true);
      if (isAccepted) expect(isAcceptedToo, text).toBe(true);
    }
    expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(500);
  });
});
