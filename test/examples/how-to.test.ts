/**
 * The how-tos: their programs run, print what the pages say, and stand in docs/examples as well (`vitest -u` writes them).
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { follow, page, stepsOf, Workplace } from '../helpers/documents.ts';

const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const examples = path.join(docs, 'examples');
const pages = readdirSync(path.join(docs, 'how-to')).filter((name) => name !== 'index.md');

describe('how-tos', () => {
  let workplace: Workplace;
  beforeAll(() => {
    workplace = new Workplace();
  });
  afterAll(() => workplace.remove());

  it.each(pages)('%s', async (name) => {
    const steps = stepsOf(page(`docs/how-to/${name}`));
    expect(steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['file', 'command']));
    await follow(steps, workplace.folder);
    for (const step of steps) if (step.kind === 'file') await expect(step.text).toMatchFileSnapshot(path.join(examples, step.name));
  });

  it('are all listed', () => {
    const index = page('docs/how-to/index.md');
    expect(pages.filter((name) => !index.includes(`](${name})`))).toEqual([]);
  });

  it('have every program of docs/examples', () => {
    const programs = pages.flatMap((name) =>
      stepsOf(page(`docs/how-to/${name}`)).flatMap((step) => (step.kind === 'file' ? [step.name] : [])),
    );
    expect(readdirSync(examples).sort()).toEqual(programs.sort());
  });
});
