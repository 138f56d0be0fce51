import { describe, expect, it } from 'vitest';
import { CdefError } from '../../../src/util/errors.ts';
import { renderDiagnostic, Source } from '../../../src/util/source.ts';
import { decodeStrictUtf8, decodeUtf8, encodeUtf8 } from '../../../src/util/utf8.ts';
import { Cdef } from '../../../src/view/index.ts';

function render(text: string, offset: number, length: number, notes: string[] = []): string {
  return renderDiagnostic({ source: new Source('file.h', text), offset, length, reason: 'bad', notes });
}

describe('positions', () => {
  it.each([
    [0, 1, 1],
    [2, 1, 3],
    [3, 2, 1],
    [6, 3, 1],
    [8, 3, 3],
  ])('offset %s is line %s, column %s', (offset, line, column) => {
    expect(new Source('f', 'ab\ncd\nef').position(offset)).toEqual({ file: 'f', offset, line, column });
  });

  it('follow line markers, also those without a file', () => {
    const source = new Source('f', 'a\n# 10 "g"\nb\nc\n# 20\nd');
    source.markers.push({ offset: 2, line: 10, file: 'g' }, { offset: 15, line: 20, file: null });
    const places = [...'abcd'].map((letter) => source.position(source.text.indexOf(letter)));
    expect(places.map(({ file, line }) => `${file}:${line}`)).toEqual(['f:1', 'g:10', 'g:11', 'g:20']);
  });
});

describe('a diagnostic', () => {
  it('has the line, a caret, tildes and notes', () => {
    expect(render('int a;\nfoo bar baz;\n', 11, 3, ['first', 'second'])).toBe(
      ['file.h:2:5: error: bad', '    2 | foo bar baz;', '      |     ^~~', 'note: first', 'note: second'].join('\n'),
    );
  });

  it('points below the character when there are tabs', () => {
    expect(render('\tint\tx;', 5, 1)).toBe(
      ['file.h:1:6: error: bad', '    1 |         int     x;', '      |                 ^'].join('\n'),
    );
    const [, line, caret] = render('\t\tx', 2, 1).split('\n') as [string, string, string];
    expect(caret.indexOf('^')).toBe(line.indexOf('x'));
  });

  it('points behind the text at its end, and survives empty text', () => {
    expect(render('int', 3, 1)).toBe(['file.h:1:4: error: bad', '    1 | int', '      |    ^'].join('\n'));
    expect(render('', 0, 1)).toBe(['file.h:1:1: error: bad', '    1 | ', '      | ^'].join('\n'));
  });

  it('stays within the line', () => {
    expect(render('ab\ncd', 1, 4).split('\n')[2]).toBe('      |  ^');
    expect(render('ab\r\ncd', 0, 2).split('\n')[1]).toBe('    1 | ab');
  });

  it.each([0, 60, 500, 100_000, 299_999])('cuts a long line around the caret at %s', (offset) => {
    const text = `${'x'.repeat(offset)}@${'y'.repeat(300_000 - offset)}`;
    const [, line, caret] = render(text, offset, 1).split('\n') as [string, string, string];
    expect(line.length).toBeLessThan(130);
    expect(line[caret.indexOf('^')]).toBe('@');
  });

  it('shows control characters and half characters as question marks', () => {
    expect(render('a\0\x1b\ud800\u2028b', 5, 1).split('\n').slice(1)).toEqual(['    1 | a????b', '      |      ^']);
  });

  it('is what an error carries', () => {
    const error = new CdefError({ source: new Source('file.h', 'int x'), offset: 4, length: 1, reason: 'bad', notes: ['n'] });
    expect(error.message).toBe('file.h:1:5: error: bad\n    1 | int x\n      |     ^\nnote: n');
    expect(error).toMatchObject({
      name: 'CdefError',
      reason: 'bad',
      length: 1,
      notes: ['n'],
      position: { file: 'file.h', line: 1, column: 5 },
    });
    expect(error).toBeInstanceOf(Error);
  });

  it('shows what a macro became on one line', () => {
    const [error] = new Cdef().namespace.declareAll('#define id(x) x\nid(_Pragma("")b)', 'file.h');
    expect(error?.notes).toEqual([]);
    expect(error?.message.split('\n').slice(3)).toEqual(["note: in the expansion of macro 'id': #pragma b"]);
  });

  it('names the text that has the mistake, not the preprocessed one', () => {
    for (const text of [
      '#define A\n\nint @;',
      'extern "C" {\n#include <stdint.h>\nint x',
      '#define F(x) x\nF(int) F(3) @;',
      '#define \\\nA\nint @(',
    ]) {
      const [error] = new Cdef().namespace.declareAll(text, 'file.h');
      expect(error?.source.text).toBe(text);
      const { offset, line } = (error as CdefError).position;
      expect(offset).toBeLessThanOrEqual(text.length);
      expect(text.slice(0, offset).split('\n')).toHaveLength(line);
    }
  });
});

describe('UTF-8', () => {
  it('goes both ways', () => {
    expect(decodeUtf8(encodeUtf8('aé€😀\ufeff'))).toBe('aé€😀\ufeff');
  });

  it('replaces what is none, or answers null', () => {
    expect(decodeUtf8(Uint8Array.of(0x61, 0xff))).toBe('a\ufffd');
    expect(decodeStrictUtf8(Uint8Array.of(0x61, 0xff))).toBe(null);
    expect(decodeStrictUtf8(Uint8Array.of(0x61))).toBe('a');
  });
});
