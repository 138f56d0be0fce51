/**
 * The core entries in a browser: bundled for one, run where there is neither Node nor `eval`.
 */
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

// A script that leaves its default export in `globalThis.result`.
async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'exported',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  });
  return (outputFiles[0] as { text: string }).text;
}

// What a page has beside ECMAScript, as far as it is used here; arrays belong to the page, as they would there.
const PAGE = `{
  const encoder = new Outer.TextEncoder();
  globalThis.TextEncoder = class { encode(text) { return Uint8Array.from(encoder.encode(text)); } };
  globalThis.TextDecoder = Outer.TextDecoder;
  delete globalThis.Outer;
}`;

async function run(contents: string): Promise<unknown> {
  const context = vm.createContext({ Outer: { TextEncoder, TextDecoder } }, { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext(PAGE, context);
  vm.runInContext(await bundled(contents), context);
  return JSON.parse(vm.runInContext('JSON.stringify(exported.default)', context) as string);
}

describe('in a page without Node and without eval', () => {
  it('there is neither', async () => {
    expect(await run('export default [typeof process, typeof Buffer];')).toEqual(['undefined', 'undefined']);
    await expect(run('export default new Function("return 1")();')).rejects.toThrow('Code generation from strings disallowed');
  });

  it('what needs Node cannot be bundled', async () => {
    await expect(run("import fs from 'node:fs'; export default fs.constants;")).rejects.toThrow('Could not resolve "node:fs"');
  });

  it('cdef declares, views, writes and scans', async () => {
    const result = await run(`
      import { cdef, CdefError } from 'cdef';
      const c = cdef(\`
        #define PORT 67
        enum op { REQUEST = 1, REPLY };
        struct __attribute__((packed)) msg {
          uint8_t op; be32_t xid; uint64_t id; double d; char name[4]; unsigned low : 3, high : 5;
          struct { int16_t x, y; } at[2]; struct msg *next;
        };
        int add(int a, int b);
      \`, { functions: { add: (a, b) => a + b } });
      const bytes = new Uint8Array(2 * c.sizeof('struct msg'));
      const list = c.typeof('struct msg').array(bytes);
      const [one, other] = list;
      Object.assign(one, { op: c.C.REPLY, xid: 0x01020304, id: 5n, d: 0.5, name: 'äb', low: 5, high: 31 });
      one.at[1].y = -2;
      other.xid = 7;
      one.next = other;
      let error = '';
      try { cdef('struct {'); } catch (e) { error = e instanceof CdefError ? e.name : String(e); }
      export default [
        c.C.PORT, c.C.add(2, 3), c.sizeof('struct msg'), [...bytes.subarray(0, 5)], one.name.text(), one.low, one.high, one.at[1].y,
        one.next.at().xid, list.column('xid').sum(), [...list.column('xid').where('>', 7)], String(list.column('id').max()),
        c.new('struct msg', { at: [{ x: 3 }] }).toObject().at[0].x, JSON.stringify(one.toJSON().id), error,
      ];
    `);
    const size = 1 + 4 + 8 + 8 + 4 + 1 + 8 + 8;
    expect(result).toEqual([67, 5, size, [2, 1, 2, 3, 4], 'äb', 5, 31, -2, 7, 0x0102030b, [0], '5', 3, '"5"', 'CdefError']);
  });

  it('cdef/restructure decodes and encodes', async () => {
    const result = await run(`
      import { cdef } from 'cdef';
      import { codec, decodeFrom, fromRestructure, TlvList } from 'cdef/restructure';
      import * as r from 'restructure';
      const c = cdef('struct head { uint8_t kind; };');
      const message = codec(c.typeof('struct head'), { text: new r.String(r.uint8, 'utf8'), options: new TlvList({ pad: 0, end: 255 }) });
      const bytes = message.toBuffer({ kind: 1, text: 'hé', options: [{ code: 1, data: Uint8Array.of(9) }] });
      const value = message.fromBuffer(bytes);
      export default [
        [...bytes], value.kind, value.text, [...value.options[0].data], decodeFrom(message, bytes.subarray(0, 4)).needed,
        fromRestructure(new r.Struct({ a: r.uint8, b: r.uint32be })).size,
      ];
    `);
    expect(result).toEqual([[1, 3, 0x68, 0xc3, 0xa9, 1, 1, 9, 255], 1, 'hé', [9], 1, 5]);
  });

  it('cdef/report shows layouts', async () => {
    const result = await run(`
      import { cdef } from 'cdef';
      import { layoutAsText } from 'cdef/report';
      const c = cdef('struct s { char a; int b; };');
      export default layoutAsText(c.typeof('struct s').ctype, 'struct s').includes('hole');
    `);
    expect(result).toBe(true);
  });
});
