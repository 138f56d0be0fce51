import { describe, expect, it } from 'vitest';
import { dump } from '../../../src/report/index.ts';
import { cdef } from '../../../src/view/index.ts';
import { bytes } from '../../helpers/bytes.ts';

describe('dump', () => {
  it('shows a line per member with bytes, name, type and value', () => {
    const c = cdef('enum op { ASK = 1, ANSWER }; struct msg { uint8_t op; be16_t port; enum op kind; double d; char *p; bool ok; };');
    const data = bytes('01 00 12 34  02 00 00 00  00 00 00 00 00 00 f8 3f  00 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00');
    expect(dump(c.typeof('struct msg').ctype, data)).toMatchInlineSnapshot(`
      "00000000  01                       op    uint8_t  1
      00000002  12 34                    port  be16_t   4660
      00000004  02 00 00 00              kind  enum op  2 (ANSWER)
      00000008  00 00 00 00 00 00 f8 3f  d     double   1.5
      00000010  00 00 00 00 00 00 00 00  p     char *   NULL
      00000018  01                       ok    bool     true
      "
    `);
  });

  it('goes into nested structs and arrays, and puts equal lines together', () => {
    const c = cdef('struct s { struct { short x[2]; } in[2]; char name[32]; uint32_t a : 3, b : 13; };');
    const data = new Uint8Array(44);
    data.set(bytes('01 00 02 00 03 00 04 00 68 69'));
    data.set(bytes('0d 00'), 40);
    expect(dump(c.typeof('struct s').ctype, data)).toMatchInlineSnapshot(`
      "00000000  01 00                    in[0].x[0]  short          1
      00000002  02 00                    in[0].x[1]  short          2
      00000004  03 00                    in[1].x[0]  short          3
      00000006  04 00                    in[1].x[1]  short          4
      00000008  68 69 00 00 00 00 00 00  name        char [32]      "hi"
      00000010  00 00 00 00 00 00 00 00
      *
      00000028  0d                       a           uint32_t : 3   5
      00000028  0d 00                    b           uint32_t : 13  1
      "
    `);
  });

  it('shows any number of elements without bytes as nothing', () => {
    const c = cdef('struct s { char a; struct {} b[1 << 14]; int c[1 << 14][0]; };');
    expect(dump(c.typeof('struct s').ctype, bytes('01 00 00 00'))).toMatchInlineSnapshot(`
      "00000000  01                       a  char                  1
      00000001                           b  struct {...} [16384]
      00000004                           c  int [16384][0]
      "
    `);
  });

  it('gives a flexible array the rest of the bytes', () => {
    const c = cdef('struct s { int n; uint16_t tail[]; };');
    expect(dump(c.typeof('struct s').ctype, bytes('02 00 00 00 01 00 ff ff 00'))).toMatchInlineSnapshot(`
      "00000000  02 00 00 00              n        int       2
      00000004  01 00                    tail[0]  uint16_t  1
      00000006  ff ff                    tail[1]  uint16_t  65535
      "
    `);
  });

  it('says what is missing', () => {
    const { ctype } = cdef('struct s { int a, b; };').typeof('struct s');
    expect(() => dump(ctype, new Uint8Array(10), 4)).toThrow('struct s: needs 8 bytes at offset 4, have 6');
    expect(() => dump(ctype, new Uint8Array(10), -1)).toThrow(RangeError);
  });
});
