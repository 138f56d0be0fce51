/**
 * Builds the site: `npm run site`. TypeDoc makes the pages and the reference, Vite the playground beside them; then every link
 * within the site is followed. The result needs no server: `build/site/index.html`.
 *
 *     node docs/site.mjs [--out FOLDER]
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const docs = fileURLToPath(new URL('.', import.meta.url));
const root = path.dirname(docs.replace(/[/\\]$/, ''));
const PLAYGROUND = 'https://playground.invalid/';

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

function pagesIn(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && file.name.endsWith('.html'))
    .map((file) => path.join(file.parentPath ?? file.path, file.name));
}

// TypeDoc takes links of the navigation as they are, whatever folder a page is in.
function linkPlayground(site, pages) {
  for (const page of pages) {
    const target = path
      .relative(path.dirname(page), path.join(site, 'playground', 'index.html'))
      .split(path.sep)
      .join('/');
    writeFileSync(page, readFileSync(page, 'utf8').replaceAll(PLAYGROUND, target));
  }
}

function unescaped(text) {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** Links of the pages that lead to no file, or to no place in it. */
function brokenLinks(site, pages) {
  const ids = new Map();
  const idsOf = (file) => {
    if (!ids.has(file)) {
      const text = readFileSync(file, 'utf8');
      ids.set(file, new Set([...text.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => unescaped(id))));
    }
    return ids.get(file);
  };
  const broken = [];
  for (const page of pages) {
    if (path.relative(site, page).startsWith('playground')) continue;
    for (const [, attribute] of readFileSync(page, 'utf8').matchAll(/\b(?:href|src)="([^"]*)"/g)) {
      const link = unescaped(attribute);
      if (/^(?:[a-z]+:|#$)/i.test(link)) continue;
      const [file, fragment] = link.split('#');
      const target = file === '' ? page : path.resolve(path.dirname(page), decodeURIComponent(file));
      const isThere =
        existsSync(target) &&
        (fragment === undefined || fragment === '' || !target.endsWith('.html') || idsOf(target).has(decodeURIComponent(fragment)));
      if (!isThere) broken.push(`${path.relative(site, page)}: ${link}`);
    }
  }
  return [...new Set(broken)];
}

try {
  const { values } = parseArgs({ options: { out: { type: 'string', default: path.join(root, 'build', 'site') } } });
  const site = path.resolve(values.out);
  if (!existsSync(path.join(docs, 'node_modules', 'typedoc'))) run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], docs);
  rmSync(site, { recursive: true, force: true });
  const typedoc = path.join(docs, 'node_modules', 'typedoc', 'bin', 'typedoc');
  run(process.execPath, [typedoc, '--options', 'typedoc.json', '--out', site, '--treatValidationWarningsAsErrors'], docs);
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  run(process.execPath, [vite, 'build', 'docs/playground', '--outDir', path.join(site, 'playground'), '--logLevel', 'warn'], root);
  const pages = pagesIn(site);
  linkPlayground(site, pages);
  const broken = brokenLinks(site, pages);
  if (broken.length > 0) throw new Error(`links that lead nowhere:\n  ${broken.join('\n  ')}`);
  console.log(`${pages.length} pages in ${path.relative(process.cwd(), site)}`);
} catch (error) {
  console.error(`site: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
