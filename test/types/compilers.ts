/**
 * Runs TypeScript's compilers, the oldest supported and the newest, on small programs against the library's declarations.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Compilers by version: what is installed as a development dependency. */
export const COMPILERS = {
  oldest: path.join(ROOT, 'node_modules', 'typescript-5.0', 'bin', 'tsc'),
  newest: path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
} as const;
export type CompilerName = keyof typeof COMPILERS;

/** What a compiler says. */
export interface Compilation {
  /** A line per error, `file(line,column): error TS...`; empty where the program compiles. */
  readonly errors: string;
  readonly instantiations: number;
}

/** A folder with the library's declarations as the package `cdef`. */
export interface Workbench {
  readonly folder: string;
  /** Writes `files` and compiles them all under the strictest options. Their imports say `cdef`. */
  compile(compiler: CompilerName, files: Readonly<Record<string, string>>, timeoutMs?: number): Compilation;
  /** Compiles `files` to JavaScript, into `folder`. */
  emit(files: Readonly<Record<string, string>>): Compilation;
  remove(): void;
}

function run(compiler: string, args: readonly string[], cwd: string, timeoutMs: number): string {
  // A runaway type must end here, not eat the machine.
  const { stdout, signal } = spawnSync(process.execPath, ['--max-old-space-size=2000', compiler, ...args], {
    cwd,
    encoding: 'utf8',
    timeout: timeoutMs,
    env: { ...process.env, GOMEMLIMIT: '2GiB' },
  });
  if (signal !== null) throw new Error(`the compiler ended with ${signal} after at most ${timeoutMs} ms`);
  return stdout;
}

/** Emits the declarations of the sources as they are, within the project, where its packages are found. */
export function makeWorkbench(): Workbench {
  const cache = path.join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'cdef-types-'));
  const library = path.join(folder, 'node_modules', 'cdef');
  mkdirSync(library, { recursive: true });
  symlinkSync(path.join(ROOT, 'package.json'), path.join(library, 'package.json'));
  const emit = ['--emitDeclarationOnly', '--declarationMap', 'false', '--outDir', path.join(library, 'dist')];
  run(COMPILERS.newest, ['-p', path.join(ROOT, 'tsconfig.build.json'), ...emit], ROOT, 120_000);
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const options = {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    types: [],
    preserveSymlinks: true,
  };
  const compile = (compiler: CompilerName, files: Readonly<Record<string, string>>, timeoutMs: number, more: object): Compilation => {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const project = { compilerOptions: { ...options, ...more }, files: Object.keys(files) };
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(project));
    const output = run(COMPILERS[compiler], ['-p', '.', '--extendedDiagnostics', '--pretty', 'false'], folder, timeoutMs);
    const count = /^Instantiations:\s+(\d+)/m.exec(output)?.[1];
    if (count === undefined) throw new Error(`no diagnostics from the compiler: ${output.slice(0, 500)}`);
    const errors = output.split('\n').filter((line) => /error TS\d+/.test(line));
    return { errors: errors.join('\n'), instantiations: Number(count) };
  };
  return {
    folder,
    compile: (compiler, files, timeoutMs = 200_000) => compile(compiler, files, timeoutMs, {}),
    emit: (files) => compile('newest', files, 200_000, { noEmit: false }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The text of a file of type tests, as a user of the package would write it. */
export function typeTest(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8').replaceAll("'../../src/index.ts'", "'cdef'");
}
