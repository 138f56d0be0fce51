/**
 * Pages of the documentation as things to run. A fenced block `js file=NAME` is a file; a block `console` holds commands behind `$ `
 * and what they print, where `...` stands for anything, alone on a line for any lines. Both in the order of the page, in one folder.
 * A command that ends with `&` runs until the page ends.
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuiltCommand, buildCommand } from './command.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A step of a page. */
export type Step =
  | { readonly kind: 'file'; readonly name: string; readonly text: string; readonly line: number }
  | { readonly kind: 'command'; readonly command: string; readonly output: string; readonly line: number };

/** The steps of a page. */
export function stepsOf(markdown: string): Step[] {
  const steps: Step[] = [];
  for (const block of markdown.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)) {
    const [, info = '', text = ''] = block;
    const line = markdown.slice(0, block.index).split('\n').length;
    const name = /\bfile=(\S+)/.exec(info)?.[1];
    if (name !== undefined) steps.push({ kind: 'file', name, text, line });
    if (!info.startsWith('console')) continue;
    for (const part of text.split(/^\$ /m).slice(1)) {
      const [command = '', ...output] = part.split('\n');
      steps.push({ kind: 'command', command, output: output.join('\n').trimEnd(), line });
    }
  }
  return steps;
}

/** The text of a page of the repository. */
export function page(name: string): string {
  return readFileSync(path.join(ROOT, name), 'utf8');
}

/** Whether what a command printed is what the page says. */
export function fits(output: string, wanted: string): boolean {
  const pattern = wanted
    .split('\n')
    .map((line) => (line === '...' ? '[\\s\\S]*' : line.split('...').map(escaped).join('.*')))
    .join('\n');
  return new RegExp(`^${pattern}\\s*$`).test(output);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A folder in which the package is installed, as built from the sources, with what else the pages need. */
export class Workplace {
  readonly folder: string;
  readonly #built: BuiltCommand;

  constructor() {
    this.#built = buildCommand();
    const cache = path.join(ROOT, 'node_modules', '.cache');
    this.folder = mkdtempSync(path.join(cache, 'page-'));
    const modules = path.join(this.folder, 'node_modules');
    mkdirSync(path.join(modules, '.bin'), { recursive: true });
    const built = path.dirname(path.dirname(this.#built.bundle));
    symlinkSync(built, path.join(modules, 'cdef'));
    // npm makes the command executable.
    const command = path.join(built, 'dist', 'node', 'cli.js');
    writeFileSync(path.join(modules, '.bin', 'cdef'), `#!/bin/sh\nexec node ${command} "$@"\n`, { mode: 0o755 });
    for (const name of ['apache-arrow', 'koffi', 'restructure'])
      symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
    writeFileSync(path.join(this.folder, 'package.json'), '{ "private": true }');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
    this.#built.remove();
  }
}

// A port that nothing listens on.
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Takes the steps of a page in a folder.
 * @throws {Error} at the first command that fails or prints something else
 */
export async function follow(steps: readonly Step[], folder: string): Promise<void> {
  const port = await freePort();
  const env = { ...process.env, NO_COLOR: '1', npm_config_loglevel: 'error', DHCP_PORT: String(port), PORT: String(port) };
  const running: ChildProcess[] = [];
  try {
    for (const step of steps) {
      if (step.kind === 'file') {
        mkdirSync(path.dirname(path.join(folder, step.name)), { recursive: true });
        writeFileSync(path.join(folder, step.name), step.text);
      } else if (/^npm (?:init|install)\b/.test(step.command)) {
        // Whoever runs the page has installed the package that is to be tried.
      } else if (step.command.endsWith('&')) {
        running.push(await start(step.command.slice(0, -1), folder, env, step));
      } else {
        const { status, stdout, stderr } = spawnSync('bash', ['-c', step.command], { cwd: folder, env, encoding: 'utf8', timeout: 60_000 });
        const output = stdout + stderr;
        if (!fits(output, step.output))
          throw new Error(`line ${step.line}: '${step.command}' printed (status ${status})\n${output}\nnot\n${step.output}`);
      }
    }
  } finally {
    for (const child of running) if (child.pid !== undefined) process.kill(-child.pid);
  }
}

// Waits for the first line.
async function start(command: string, cwd: string, env: NodeJS.ProcessEnv, step: Step & { kind: 'command' }): Promise<ChildProcess> {
  const child = spawn('bash', ['-c', `exec ${command}`], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  await new Promise<void>((resolve) => {
    const take = (part: Buffer): void => {
      output += part.toString();
      if (output.includes('\n')) resolve();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('exit', () => resolve());
  });
  if (!fits(output, step.output)) {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid);
    throw new Error(`line ${step.line}: '${command}' printed\n${output}\nnot\n${step.output}`);
  }
  return child;
}
