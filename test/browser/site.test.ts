/**
 * The site: built by its command, which follows every link in it; read and searched in Chromium without a server.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, eventually, launch, WHY_NOT } from '../helpers/browser.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';

// Building takes half a minute, and several on a busy machine.
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdef-site-'));
  const printed = execFileSync(process.execPath, ['docs/site.mjs', '--out', folder], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
  expect(printed).toMatch(/\d+ pages in /);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(CHROMIUM === null)(`the site in Chromium${WHY_NOT}`, () => {
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];

  beforeAll(async () => {
    browser = await launch();
    page = await browser.newPage();
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(path.join(folder, 'index.html')).href);
  });

  afterAll(() => browser.close());

  it('finds what pages and the reference say', async () => {
    await page.click('#tsd-search-trigger');
    for (const [wanted, found] of [
      ['ffi.metatype', 'ffi.metatype'],
      ['betterOrder', 'betterOrder'],
      ['provenance', 'Contributing'],
    ]) {
      await page.fill('#tsd-search-input', wanted as string);
      await eventually(() => page.textContent('#tsd-search-results')).toContain(found);
    }
    await page.keyboard.press('Escape');
  });

  it('leads to the guide and to the playground', async () => {
    await page.goto(pathToFileURL(path.join(folder, 'documents', 'Native_libraries.html')).href);
    expect(await page.textContent('h1')).toBe('Native libraries');
    await page.click('text=Playground');
    await page.waitForSelector('#picture .box');
    await page.click('#docs');
    await page.waitForSelector('text=Try it');
  });

  it('asks no server for anything', () => {
    expect(requests.filter((url) => !/^(?:file|blob|data):/.test(url))).toEqual([]);
  });
});
