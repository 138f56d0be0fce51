import { describe, expect, it } from 'vitest';
import type { CData } from '../../../src/ffi/index.ts';
import { createLua } from '../../../src/host/node.ts';
import { FfiError } from '../../../src/index.ts';
import { collectGarbage } from '../../helpers/gc.ts';
import { plainFfi } from '../../helpers/lua-values.ts';

describe('function pointers that reach the host', () => {
  it('are functions: of Lua by their prototype, of the host themselves, null for NULL', () => {
    const { ffi, cdef } = plainFfi(
      'typedef int (*binary)(int, int); int apply(binary f, int a, int b); int add(int a, int b); bool is_null(binary f);',
    );
    const seen: unknown[] = [];
    const add = (a: number, b: number): number => a + b;
    cdef.define({
      add,
      apply: (f: (a: number, b: number) => number, a: number, b: number) => {
        seen.push(f);
        return f(a, b);
      },
      is_null: (f: unknown) => f === null,
    });
    const C = (name: string): CData => ffi.symbols.get(name) as CData;
    const apply = (f: unknown, ...args: number[]) => ffi.call(C('apply'), [f as CData, ...args]);
    expect(apply((a: number, b: number) => a * b + 0.9, 6, 7)).toBe(42);
    expect(apply(C('add'), 1, 2)).toBe(3);
    expect(seen[1]).toBe(add);
    expect(ffi.call(C('is_null'), [null])).toBe(true);
    expect(() => apply(() => 'text', 1, 2)).toThrow(new FfiError("cannot convert 'string' to 'int'"));
    expect(() => (seen[0] as (n: number) => number)(1)).toThrow('wrong number of arguments');
  });

  it('stay callable when kept, until they are freed', () => {
    const lua = createLua();
    let kept: ((n: number) => number) | null = null;
    lua.define({
      keep: (f: (n: number) => number) => {
        kept = f;
      },
    });
    lua.run(`
      local ffi = require 'ffi'
      ffi.cdef 'typedef int (*unary)(int); void keep(unary f);'
      callback = ffi.cast('unary', function(n) return n + 1 end)
      ffi.C.keep(callback)
    `);
    expect((kept as unknown as (n: number) => number)(1)).toBe(2);
    lua.run("callback:set(function(n) error('no ' .. n, 0) end)");
    expect(() => (kept as unknown as (n: number) => number)(1)).toThrow('no 1');
    lua.run('callback:free()');
    expect(() => (kept as unknown as (n: number) => number)(1)).toThrow('bad callback');
    lua.close();
  });
});

describe('finalizers', () => {
  it('run once the cdata is gone, with what it held', async () => {
    const { ffi } = plainFfi();
    const gone: unknown[] = [];
    const lose = (): void => {
      const array = ffi.creation.new('int[2]', [7, 8]) as CData;
      ffi.gc(array, (object: CData) => {
        gone.push(ffi.access.index(object, 1));
        return null;
      });
    };
    lose();
    await collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(gone).toEqual([8]);
    ffi.finalizers.runAll();
    expect(gone).toEqual([8]);
  });

  it('run at the end, in reverse, those that finalizers add too; errors stop none', () => {
    const { ffi } = plainFfi();
    const gone: number[] = [];
    const kept = [1, 2, 3].map((n) =>
      ffi.gc(ffi.creation.new('int[1]', []), () => {
        gone.push(n);
        if (n === 2) throw new Error('nobody hears this');
        if (n === 3)
          kept.push(
            ffi.gc(ffi.creation.new('int[1]', []), () => {
              gone.push(4);
              return null;
            }),
          );
        return null;
      }),
    );
    ffi.finalizers.runAll();
    expect(gone).toEqual([3, 2, 1, 4]);
  });
});
