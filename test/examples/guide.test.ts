/**
 * The guide, as a reader follows it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fits, follow, page, type Step, stepsOf, Workplace } from '../helpers/documents.ts';

describe('pages are read', () => {
  it('as files and commands', () => {
    const steps = stepsOf('# A\n\n```js file=a.mjs\nlet x;\n```\n\n```js\nno file\n```\n\n```console\n$ one\nout\n$ two\n```\n');
    expect(steps).toEqual([
      { kind: 'file', name: 'a.mjs', text: 'let x;\n', line: 3 },
      { kind: 'command', command: 'one', output: 'out', line: 11 },
      { kind: 'command', command: 'two', output: '', line: 11 },
    ]);
  });

  it.each([
    ['a\nb', 'a\nb', true],
    ['a\nb\n', 'a\nb', true],
    ['a\nx\ny\nb', 'a\n...\nb', true],
    ['took 5 ms', 'took ... ms', true],
    ['took 5 s', 'took ... ms', false],
    ['a\nb', 'a', false],
    ['a.b', 'axb', false],
  ])('%j fits %j: %j', (output, wanted, expected) => {
    expect(fits(output, wanted)).toBe(expected);
  });

  it('a command that prints something else is an error', async () => {
    const steps: Step[] = [{ kind: 'command', command: 'echo one', output: 'two', line: 1 }];
    await expect(follow(steps, '/')).rejects.toThrow("'echo one' printed (status 0)\none\n");
  });
});

describe('the guide', () => {
  let workplace: Workplace;
  beforeAll(() => {
    workplace = new Workplace();
  });
  afterAll(() => workplace.remove());

  it('works line by line', async () => {
    await follow(stepsOf(page('docs/guide.md')), workplace.folder);
  });
});
