/**
 * The playground as people use it: the built page, opened as a file, in Chromium.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { engineNames } from '../../src/host/index.ts';
import { CHROMIUM, eventually, launch, WHY_NOT } from '../helpers/browser.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe.skipIf(CHROMIUM === null)(`the playground in Chromium${WHY_NOT}`, () => {
  let folder = '';
  let url = '';
  let browser: Browser;
  let page: Page;
  let problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'cdef-playground-'));
    const vite = path.join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
    execFileSync(process.execPath, [vite, 'build', 'docs/playground', '--outDir', folder, '--logLevel', 'error'], { cwd: ROOT });
    url = pathToFileURL(path.join(folder, 'index.html')).href;
    browser = await launch();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    problems = [];
    await open('#dhcp');
  });

  afterEach(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });

  async function open(hash: string, options: { width?: number; colorScheme?: 'light' | 'dark' } = {}): Promise<void> {
    page = await browser.newPage({
      viewport: { width: options.width ?? 1400, height: 1400 },
      colorScheme: options.colorScheme ?? 'light',
    });
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!/^(file|blob|data):/.test(request.url())) problems.push(`asked for ${request.url()}`);
    });
    await page.goto(url + hash);
    await page.waitForSelector('#picture .box');
  }

  // Replaces what an editor holds, by typing. Chromium drops inserted text now and then where the page is busy: what is selected stays so then.
  async function type(editor: 'c' | 'hex' | 'lua', text: string): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      await page.click(`#${editor} .cm-content`);
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(text);
      if (text === '') return;
      const isTyped = page.waitForFunction(() => getSelection()?.isCollapsed === true, null, { timeout: 2_000 });
      if (await isTyped.then(Boolean, () => false)) return;
    }
    throw new Error(`${editor}: nothing can be typed`);
  }

  const boxNames = (): Promise<string[]> =>
    page.$$eval('#picture .box[data-path]', (boxes) => boxes.map((box) => box.textContent ?? '').filter((name) => name !== ''));
  const field = (fieldPath: string): string => `#tree .field[data-path="${fieldPath}"] input`;
  const text = async (selector: string): Promise<string> => (await page.textContent(selector)) ?? '';
  const output = (wanted: string | RegExp): Promise<void> => eventually(() => text('#output')).toMatch(wanted) as Promise<void>;

  it('loads: a picture, values and the output of the script, and no server', async () => {
    expect(await boxNames()).toEqual(expect.arrayContaining(['op', 'xid', 'chaddr', 'magic', 'options']));
    expect(await page.inputValue(field('op'))).toBe('1 (BOOTREQUEST)');
    expect(await page.inputValue(field('xid'))).toBe(String(0x302d6f51));
    await output(/^xid 302d6f51 from 02 00 00 00 01 23/);
    await eventually(() => text('#about')).toContain('eval is forbidden here');
    expect(await text('#about')).toContain(`${engineNames.join(' and ')} interpret Lua`);
    const engines = await page.$$eval('#engine option', (options) => options.map((option) => (option as HTMLOptionElement).value));
    expect(engines).toEqual(engineNames);
    expect(await page.inputValue('#engine')).toBe('jit');
    expect(await text('#time')).toMatch(/^[\d.]+ ms, interpreted$/);
  });

  it('forbids code that is not its own', async () => {
    // Behind a timer: what a debugger evaluates itself may use eval.
    const found = await page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      const seen: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
      const attempt = (run: () => unknown): string => {
        try {
          return String(run());
        } catch (error) {
          return (error as Error).name;
        }
      };
      const evaluated = attempt(() => new Function('return 1')());
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
      await fetch('https://example.invalid/').catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { eval: evaluated, injected: 'injected' in globalThis, seen: [...new Set(seen)].sort() };
    });
    expect(found).toEqual({ eval: 'EvalError', injected: false, seen: ['connect-src', 'script-src', 'script-src-elem'] });
    // Chromium reports these attempts on the console.
    problems = problems.filter((problem) => !/Content Security Policy|example\.invalid/.test(problem));
  });

  it('follows the C text', async () => {
    await type('c', 'struct pair { uint8_t first; uint32_t second; };');
    await eventually(() => page.inputValue('#type')).toBe('struct pair');
    await eventually(boxNames).toEqual(['first', 'second']);
    // Three bytes of padding between them.
    expect(await page.$$eval('#picture .padding', (gaps) => gaps.map((gap) => gap.getAttribute('title')))).toEqual(['unused: 24 bits']);
    await page.selectOption('#abi', 'i386-linux-gnu');
    await type('c', 'struct pair { uint8_t first; uint64_t second; };');
    await expect
      .poll(() => page.$$eval('#picture .padding', (gaps) => gaps.map((gap) => gap.getAttribute('title'))))
      .toEqual(['unused: 24 bits']);
  });

  it('shows mistakes in C with a caret, and keeps the last layout', async () => {
    const before = await boxNames();
    await type('c', 'struct broken {\n  int a b;\n};');
    await eventually(() => text('#c-error')).toContain("text.h:2:9: error: expected ';'");
    expect(await text('#c-error')).toMatch(/2 \| {3}int a b;\n\s+\| {9}\^/);
    expect(await boxNames()).toEqual(before);
    await eventually(() => page.$$eval('#c .cm-lintRange-error', (marks) => marks.length)).toBe(1);
    await type('c', 'struct mended { int a; };');
    await eventually(() => text('#c-error')).toBe('');
  });

  it('edits bytes as hex, and shows them decoded', async () => {
    await type('c', 'struct pair { be16_t first, second; };');
    await type('hex', '0x12 34,56:78');
    await eventually(() => page.inputValue(field('first'))).toBe(String(0x1234));
    expect(await page.inputValue(field('second'))).toBe(String(0x5678));
    await type('hex', '12 3x');
    await eventually(() => text('#hex-error')).toBe('a byte has two hex digits');
    expect(await text('#type-error')).toBe('struct pair needs 4 bytes at offset 0, have 1');
    expect(await page.isDisabled(field('second'))).toBe(true);
  });

  it('edits values, which go into the bytes', async () => {
    await page.fill(field('hops'), '0xff');
    await page.keyboard.press('Enter');
    await eventually(() => text('#hex .cm-content')).toContain('01 01 06 ff');
    await page.fill(field('op'), 'BOOTREPLY');
    await page.keyboard.press('Enter');
    await eventually(() => page.inputValue(field('op'))).toBe('2 (BOOTREPLY)');
    await page.fill(field('sname'), '"boot"');
    await page.keyboard.press('Enter');
    await eventually(() => text('#hex .cm-content')).toContain('62 6f 6f 74');
    await page.fill(field('hops'), '256');
    await page.keyboard.press('Enter');
    const message = await page.$eval(field('hops'), (input) => (input as HTMLInputElement).validationMessage);
    expect(message).toBe('hops: 256 is not in the range of unsigned char (0 to 255)');
    expect(await text('#hex .cm-content')).toContain('02 01 06 ff');
  });

  it('links fields, bytes and C text, from wherever the pointer is', async () => {
    const linked = (editor: string): Promise<string[]> =>
      page.$$eval(`#${editor} .cm-linked`, (marks) => [marks.map((mark) => mark.textContent).join('')]);
    await page.hover('#picture .box[data-path="xid"]');
    await eventually(() => linked('c')).toEqual(['xid']);
    expect(await linked('hex')).toEqual(['30 2d 6f 51']);
    expect(await page.$$eval('#tree .on', (rows) => rows.map((row) => row.getAttribute('data-path')))).toEqual(['xid']);
    // Another member in the C text.
    await page.hover('#c .cm-line:has-text("be16_t secs") >> text=secs');
    await page.hover('#tree .field[data-path="yiaddr"] .name');
    await eventually(() => linked('c')).toEqual(['yiaddr']);
    await page.click('#c .cm-line:has-text("uint8_t magic")', { position: { x: 90, y: 8 } });
    await eventually(() => linked('hex')).toEqual(['63 82 53 63']);
    await page.click('#hex .cm-line >> nth=0', { position: { x: 12, y: 8 } });
    await eventually(() => linked('c')).toEqual(['op']);
  });

  it('works with the keyboard alone', async () => {
    await page.focus('#picture .box[tabindex="0"]');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('htype: uint8_t, 1 bytes at 1');
    await eventually(() => page.$$eval('#c .cm-linked', (marks) => marks.map((mark) => mark.textContent))).toEqual(['htype']);
    await page.focus(field('op'));
    await page.keyboard.press('ArrowDown');
    // Lists of names keep the arrow keys.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('op');
    await page.focus(field('htype'));
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('hlen');
    await page.focus('#lua .cm-content');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('#lua') === null)).toBe(true);
  });

  it('runs scripts, whose changes are kept only when asked', async () => {
    await page.uncheck('#live');
    await type(
      'lua',
      "local buf, len = ...\nlocal bytes = require('ffi').cast('uint8_t *', buf)\nbytes[3] = 9\nprint('length', len)\nreturn bytes[3]",
    );
    await page.keyboard.press('Control+Enter');
    await output(/^length\t300\n9\n/);
    expect(await page.inputValue(field('hops'))).toBe('0');
    await page.click('#keep');
    await eventually(() => page.inputValue(field('hops'))).toBe('9');
  });

  it.each(engineNames)('runs scripts on %s, without eval', async (engine) => {
    await page.selectOption('#engine', engine);
    await type('lua', 'print(jit.version, jit.status())');
    await output(new RegExp(`^cdef on ${engine}\tfalse\n$`));
    await type(
      'lua',
      'local co = coroutine.wrap(function(a) for i = 1, 3 do a = a + coroutine.yield(a) end return a end) return co(1), co(2), co(3), co(4)',
    );
    await output(/^1 3 6 10\n$/);
    await type('lua', "local s = 0 for i = 1, 100000 do s = s + i % 7 end return s, ('x'):rep(3), #arg == nil");
    await output(/attempt to get length of global 'arg'/);
    await type('lua', 'while true do end');
    await output(/1500 ms/);
  });

  it('shows the stack of Lua, though the page is minified', async () => {
    const script = `local function inner() return (debug.traceback('here')) end
local ok, trace = pcall(function()
  return (inner())
end)
return trace, coroutine.wrap(function() return (inner()) end)()`;
    await type('lua', script);
    const pcall =
      "script:1: in function 'inner'\n\tscript:3: in function <script:2>\n\t[C]: in function 'pcall'\n\tscript:2: in main chunk";
    const coroutine = "script:1: in function 'inner'\n\tscript:5: in function <script:5>";
    await eventually(() => text('#output')).toBe(`here\nstack traceback:\n\t${pcall} here\nstack traceback:\n\t${coroutine}\n`);
  });

  it('shows errors of scripts, and ends those that do not end', async () => {
    await type('lua', 'print(1)\nerror("wrong")');
    await output(/^1\nscript:2: wrong\nstack traceback:/);
    await type('lua', 'local = 1');
    await output(/^script:1: /);
    await type('lua', 'while true do end');
    await output(/1500 ms|ended after/);
    await type('lua', 'return 6 * 7');
    await output(/^42\n/);
  });

  it('shares what it shows by link', async () => {
    await type('c', 'struct one { int16_t x; };');
    await type('hex', 'fe ff');
    await type('lua', 'print("shared")');
    await eventually(() => page.inputValue(field('x'))).toBe('-2');
    await page.click('#share');
    await page.waitForFunction(() => location.hash.startsWith('#1.'));
    const { hash } = new URL(page.url());
    await page.close();
    await open(hash);
    expect(await page.inputValue('#type')).toBe('struct one');
    expect(await page.inputValue(field('x'))).toBe('-2');
    await output(/^shared\n/);
  });

  it.each([
    ['#1.', 'The link is damaged.'],
    ['#1.AAAA', 'The link is damaged.'],
    ['#nonsense', 'The link is not of this page.'],
  ])('opens an example for the damaged link %s', async (hash, message) => {
    await page.close();
    await open(hash);
    await eventually(() => text('#message')).toBe(message);
    expect(await page.inputValue('#type')).toBe('struct dhcp_msg');
  });

  it('takes hostile input', async () => {
    for (const source of ['struct s {'.repeat(5000), 'struct s { char a[1 << 30][1 << 20]; };', '#define A A A\nA', '\0\ufffd"', '']) {
      await type('c', source);
      await page.waitForTimeout(250);
      expect(await page.$('#picture')).not.toBeNull();
    }
    const nested = Array.from({ length: 6 }, (_, i) => `struct s${i + 1} { struct s${i} a[9], b[9]; };`).join('');
    await type('c', `struct s0 { char c; };${nested}`);
    await eventually(() => page.inputValue('#type')).toBe('struct s6');
    await eventually(boxNames).not.toEqual([]);
    // A billion bytes in one field, and a million fields that look alike.
    await type('c', 'struct large { char a[1 << 30]; int b; };');
    await eventually(() => page.inputValue('#type')).toBe('struct large');
    await page.hover('#picture .box');
    await eventually(() => page.$$eval('#c .cm-linked', (marks) => marks.map((mark) => mark.textContent))).toEqual(['a']);
    await type(
      'c',
      `struct e { int v; }; ${Array.from({ length: 20 }, (_, i) => `struct t${i} { ${i === 0 ? 'struct e' : `struct t${i - 1}`} l, r; };`).join('')}`,
    );
    await eventually(() => page.inputValue('#type')).toBe('struct t19');
    await page.hover('#c .cm-line', { position: { x: 20, y: 8 } });
    await type('c', 'struct __attribute__((packed)) s { int x : 3; char __proto__, constructor; };');
    await eventually(boxNames).toEqual(['x', '__proto__', 'constructor']);
  });

  it('takes files and dumps', async () => {
    await page.setInputFiles('#file', path.join(ROOT, 'test', 'captures', 'dhcp.pcap'));
    await eventually(() => text('#count')).toBe('15799');
    expect(await text('#hex .cm-content')).toContain('d4 c3 b2 a1 02 00 04 00');
    await page.click('#hex .cm-content');
    await page.keyboard.press('Control+a');
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/plain', '00000000  de ad be ef                                       |....|\n00000004');
      const content = document.querySelector('#hex .cm-content') as HTMLElement;
      content.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await eventually(() => text('#count')).toBe('4');
  });

  it.each(['dhcp', 'tcp', 'elf', 'bmp', 'fat', 'midi'])('fits a narrow screen, light and dark: %s', async (example) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.close();
      await open(`#${example}`, { width: 380, colorScheme });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
      await output(/./);
    }
  });

  it('names its script by hash', () => {
    const html = readFileSync(path.join(folder, 'index.html'), 'utf8');
    expect(html).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^ ]+'; style-src/);
    expect(html).not.toMatch(/script-src[^;]*unsafe/);
  });
});
