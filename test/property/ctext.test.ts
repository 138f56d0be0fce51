import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ABIS, type AbiName, build, type CType, isRecord, Scope } from '../../src/ctype/index.ts';
import { nodesOf } from '../../src/report/ctext.ts';
import { toC } from '../../src/report/index.ts';
import { Cdef, declarationsOf } from '../../src/view/index.ts';
import { TRICKY } from '../differential/layouts.ts';
import { unit, unitText } from '../differential/random.ts';
import { fc } from '../helpers/properties.ts';
import { randomRecord, recordText } from '../helpers/structs.ts';

const abis = Object.keys(ABIS) as AbiName[];

/** All that a type's layout and its members' types are, by value; pointers end it. */
function described(type: CType, depth = 0): unknown {
  const { kind, size, align, hasUserAlign, isConst, isVolatile } = type;
  const own = { kind, size, align, hasUserAlign, isConst, isVolatile };
  switch (type.kind) {
    case 'struct':
    case 'union': {
      const { layout, tag } = type.definition;
      if (layout === null) return { ...own, tag };
      const fields = layout.fields.map(({ name, type: inner, offset, bits }) => [name, offset, bits, described(inner, depth + 1)]);
      const { requiredAlign, order, constants, isVariable, declared } = layout;
      const placements = declared.members.map(({ name, widthBits, userAlign, isPacked }) => [name, widthBits, userAlign, isPacked]);
      const { userAlign, pack, rules, isPacked } = declared.options;
      return {
        ...own,
        tag,
        fields,
        constants,
        layoutAlign: layout.align,
        requiredAlign,
        order,
        isVariable,
        placements,
        userAlign,
        pack,
        rules,
        isPacked,
      };
    }
    case 'enum': {
      const { layout, tag } = type.definition;
      return { ...own, tag, order: type.order, signed: layout?.isSigned, constants: layout?.constants };
    }
    case 'pointer':
    case 'reference':
      return {
        ...own,
        target: isRecord(type.target) ? `${type.target.kind} ${type.target.definition.tag}` : described(type.target, depth + 1),
      };
    case 'array':
      return { ...own, length: type.length, isVector: type.isVector, element: described(type.element, depth + 1) };
    case 'function':
      return {
        ...own,
        variadic: type.variadic,
        result: described(type.result),
        parameters: type.parameters.map((one) => described(one.type)),
      };
    case 'complex':
      return { ...own, name: type.name, order: type.part.order };
    case 'integer':
      // Which of two names for 8 bytes is C's business.
      return { ...own, isSigned: type.isSigned, order: type.size === 1 ? 'little' : type.order };
    case 'float':
      return { ...own, name: type.name, order: type.order };
    default:
      return own;
  }
}

/** Everything that a text has declared. */
function declared(c: { readonly namespace: Scope }): { types: Map<string, unknown>; names: Map<string, unknown> } {
  const { names, tags } = c.namespace;
  const types = new Map<string, unknown>();
  for (const [tag, type] of tags) types.set(`${type.kind} ${tag}`, described(type));
  const found = new Map<string, unknown>();
  for (const [name, entry] of names) {
    if (entry.kind === 'typedef') types.set(name, described(entry.type));
    else found.set(name, entry.kind === 'constant' ? entry.value : [entry.kind, described(entry.type)]);
  }
  return { types, names: found };
}

function read(abi: AbiName, text: string): Cdef {
  return new Cdef({ abi }).cdef(text);
}

function sorted<T>(map: Map<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Checks that the C text of all that `text` declares, and of each type in it, says the same. */
function expectSame(abi: AbiName, text: string): number {
  const before = read(abi, text);
  const whole = toC(before);
  const after = declared(read(abi, whole));
  const wanted = declared(before);
  expect(sorted(after.names), whole).toEqual(sorted(wanted.names));
  expect(sorted(after.types), whole).toEqual(expect.arrayContaining(sorted(wanted.types)));
  // And so do the types that are built of it without any text.
  const scope = new Scope(abi);
  build(scope, (builder) => {
    for (const { node } of declarationsOf(nodesOf(before.namespace))) builder.declare(node, '');
  });
  const built = declared({ namespace: scope });
  expect(sorted(built.names), whole).toEqual(sorted(wanted.names));
  expect(sorted(built.types), whole).toEqual(sorted(after.types));
  let count = 0;
  for (const [name, type] of wanted.types) {
    const one = toC(before.typeof(name), { name: 'again' });
    // Under its own name, under that of an equal typedef, or under the one that was asked for.
    expect([...declared(read(abi, one)).types.values()], `${name} in\n${one}`).toContainEqual(type);
    count++;
  }
  return count;
}

describe('C text of types', () => {
  it.each(abis)('says what random declarations say, on %s', (abi) => {
    let count = 0;
    fc.assert(
      fc.property(unit, (writer) => {
        const text = unitText(writer, abi, 0);
        try {
          read(abi, text);
        } catch {
          return;
        }
        count += expectSame(abi, text);
      }),
      { numRuns: 60 },
    );
    expect(count).toBeGreaterThan(60);
  });

  it.each(TRICKY)('says what is tricky: %s', (_, text) => {
    expect(expectSame('x86_64-linux-gnu', text)).toBeGreaterThan(0);
  });

  it('says what random structs say', () => {
    fc.assert(
      fc.property(randomRecord, (random) => void expectSame('x86_64-linux-gnu', recordText(random, 's'))),
      { numRuns: 300 },
    );
  });

  const folder = new URL('../../cdefs/', import.meta.url);
  it.each(readdirSync(folder).filter((name) => name.endsWith('.h')))('says what %s says', (name) => {
    expect(expectSame('x86_64-linux-gnu', readFileSync(new URL(name, folder), 'utf8'))).toBeGreaterThan(0);
  });
});
