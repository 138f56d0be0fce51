/**
 * Builds the package: `npm run build`. There are two forms of the JavaScript, which package.json tells apart by condition:
 *
 * - `dist`, file by file as tsc compiles `src`, with the type declarations: for bundlers, which leave out what is not used.
 * - `dist/node`, bundled by esbuild: for Node, which needs a millisecond for each file that it loads. Every entry is a file, and
 *   what several of them share is in chunks beside them, so that a class is the same from wherever it is imported.
 *
 *   The command starts sooner where there is little to load: `bin`, and what runs a script on an engine (`src/cli/run-*.ts`), share nothing
 *   with the others, and fengari, which is twenty files, is one more bundle.
 *
 * What is bundled stands in package.json: whatever `exports` and `bin` have in `dist/node`, from the source that the `types` beside
 * it tell; and `worker.ts` files and subcommands, each beside the others under its own name. Dependencies stay outside. A source `x.node.ts` takes
 * the place of `x.ts`. All bundles lie as deep as `src/host`, so `new URL('../../lua', import.meta.url)` means the same there.
 *
 * `node build.mjs --bundle FOLDER` makes the second form alone, in another folder.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const source = path.join(root, 'src');
const dist = path.join(root, 'dist');

function filesIn(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.map((file) => path.join(file.parentPath ?? file.path, file.name));
}

// A file of `dist`, such as `./dist/host/node.d.ts`, as the source it comes from.
function sourceOf(file) {
  return path.join(source, path.relative('dist', file).replace(/(?:\.d\.ts|\.js)(?:\.map)?$/, '.ts'));
}

/** What `dist/node` consists of, names and sources: what shares chunks, and what stands alone. */
function entries() {
  const { exports, bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const shared = {};
  for (const entry of Object.values(exports)) {
    if (typeof entry === 'string') continue;
    const node = typeof entry.node === 'string' ? { ...entry, default: entry.node } : (entry.node ?? entry);
    if (node.default.startsWith('./dist/node/')) shared[path.basename(node.default, '.js')] = sourceOf(node.types);
  }
  const alone = {};
  for (const file of Object.values(bin)) alone[path.basename(file, '.js')] = path.join(source, path.basename(file, '.js'), 'main.ts');
  for (const file of filesIn(source)) {
    const name = path.basename(file, '.ts');
    if (name === 'worker') shared.worker = file;
    if (/\/cli\/run-\w+\.ts$/.test(file)) alone[name] = file;
    // The one that is mostly used is part of the command.
    if (file.includes('/cli/commands/') && name !== 'run') shared[`cli-${name}`] = file;
  }
  return { shared, alone };
}

// Where what is imported later is a bundle of its own.
const apart = (bundles) => ({
  name: 'apart',
  setup: ({ onResolve }) => {
    const names = new Map(Object.entries(bundles).map(([name, file]) => [file, name]));
    onResolve({ filter: /^\..*\.ts$/ }, ({ kind, path: file, resolveDir }) => {
      const name = kind === 'dynamic-import' ? names.get(path.join(resolveDir, file)) : undefined;
      return name === undefined ? null : { path: `./${name}.js`, external: true };
    });
  },
});

// `x.node.ts` for `x.ts`.
const platform = {
  name: 'platform',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\..*\.ts$/ }, ({ path: file, resolveDir }) => {
      const own = path.join(resolveDir, file.replace(/\.ts$/, '.node.ts'));
      return existsSync(own) ? { path: own } : null;
    });
  },
};

// esbuild calls a class that names itself `_Pointer`, which `console.log` and stack traces would show.
function withClassNames(code) {
  const names = [...code.matchAll(/\bvar \w+\s?=\s?class (_\w+)/g)].map(([, name]) => name);
  return names.reduce((text, name) => text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), name.slice(1)), code);
}

/** Bundles for Node; returns the files written. */
async function bundle(folder) {
  const { shared, alone } = entries();
  return [
    ...(await bundleAll(folder, {
      entryPoints: shared,
      chunkNames: '[name]-[hash]',
      splitting: true,
      sourcemap: true,
      plugins: [platform],
    })),
    ...(await bundleAll(folder, { entryPoints: alone, plugins: [apart({ ...shared, ...alone }), platform] })),
  ];
}

async function bundleAll(folder, options) {
  const { metafile, outputFiles } = await build({
    ...options,
    absWorkingDir: root,
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    target: 'es2022',
    // V8 takes a quarter less time for text without comments and indentation. Names stay, as the jit engine and stack traces need them.
    minifyWhitespace: true,
    lineLimit: 120,
    // The sources are in the package, too.
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  for (const file of Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs))) {
    if (file.split('/').length !== 3 && /\bnew URL\([^)]*\bimport\.meta\.url\b/.test(readFileSync(path.join(root, file), 'utf8')))
      throw new Error(`${file} names a file by import.meta.url, which only those as deep as src/host may`);
  }
  mkdirSync(folder, { recursive: true });
  for (const file of outputFiles) {
    writeFileSync(file.path, file.path.endsWith('.js') ? withClassNames(file.text) : file.contents);
    // npm does it where the package is installed, and not where it is cloned.
    if (file.text.startsWith('#!')) chmodSync(file.path, 0o755);
  }
  return outputFiles.map((file) => file.path);
}

// What fengari loads at once and a script never needs, for a third of a start; required when it is called.
const lazily = {
  name: 'lazily',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(?:tmp|readline-sync|sprintf-js|child_process)$/ }, ({ path: name, namespace }) =>
      namespace === 'lazily' ? { path: name, external: true } : { path: name, namespace: 'lazily' },
    );
    onLoad({ filter: /.*/, namespace: 'lazily' }, ({ path: name }) => ({
      contents: `
        const held = [];
        const call = (key, args) => require('${name}')[key](...args);
        // Settings wait for the first call of something else.
        const get = (_, key) => (...args) => {
          if (key.startsWith('set')) return void held.push([key, args]);
          for (const one of held.splice(0)) call(...one);
          return call(key, args);
        };
        module.exports = new Proxy({}, { get });`,
    }));
  },
};

/** fengari in one file, for the command, which nobody gives a state of another fengari; returns the files written. */
async function bundleFengari(folder) {
  const outfile = path.join(folder, 'fengari-modules.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: [path.join(source, 'engines', 'fengari', 'modules.ts')],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    plugins: [lazily],
    target: 'es2022',
    minify: true,
    banner: { js: `/*\n${readFileSync(path.join(root, 'node_modules', 'fengari', 'LICENSE'), 'utf8')}*/` },
    logLevel: 'warning',
  });
  return [outfile];
}

function compile() {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`tsc ended with ${status}`);
}

// What an earlier build left. The rest is never missing: others may be using it.
function removeStale(bundled) {
  const current = new Set(bundled);
  for (const file of filesIn(dist)) {
    const isBundle = file.startsWith(path.join(dist, 'node') + path.sep);
    if (isBundle ? !current.has(file) : !existsSync(sourceOf(path.relative(root, file)))) rmSync(file);
  }
}

try {
  const { values } = parseArgs({ options: { bundle: { type: 'string' } } });
  if (values.bundle !== undefined) await bundle(path.resolve(values.bundle));
  else {
    compile();
    const folder = path.join(dist, 'node');
    removeStale([...(await bundle(folder)), ...(await bundleFengari(folder))]);
  }
} catch (error) {
  console.error(`build: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
