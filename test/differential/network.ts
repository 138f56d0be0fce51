/**
 * Networks for tests: network namespaces with names of this process, joined by pairs of virtual interfaces. Nothing of the machine's own
 * network is touched.
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** Why there can be no such network here, or null. In CI that is a failure, not a reason to skip. */
export function noNetwork(tools: readonly string[]): string | null {
  const missing = ['ip', ...tools].filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
  if (missing.length > 0) return reason(`not installed: ${missing.join(', ')}`);
  const name = `cdef-${process.pid}-try`;
  const { status } = spawnSync('ip', ['netns', 'add', name]);
  if (status !== 0) return reason('network namespaces are not permitted');
  spawnSync('ip', ['netns', 'del', name]);
  return null;
}

function reason(text: string): string {
  if (process.env['CI'] !== undefined) throw new Error(text);
  return text;
}

/** Namespaces and what runs in them, until it is removed. */
export class Network {
  readonly #namespaces: Set<string> = new Set();
  readonly #children: Set<ChildProcess> = new Set();

  /** The name that the machine knows a namespace by. */
  nameOf(namespace: string): string {
    return `cdef-${process.pid}-${namespace}`;
  }

  /** Makes a namespace. */
  add(namespace: string): void {
    must('ip', 'netns', 'add', this.nameOf(namespace));
    this.#namespaces.add(namespace);
    this.ip(namespace, 'link set lo up');
  }

  /** `ip` within a namespace; words are separated by blanks. */
  ip(namespace: string, command: string): string {
    return must('ip', '-n', this.nameOf(namespace), ...command.split(' '));
  }

  /** Joins two interfaces, `namespace:interface` each, by a wire. */
  join(one: string, other: string): void {
    const [[a, first], [b, second]] = [one, other].map((end) => end.split(':')) as [[string, string], [string, string]];
    this.ip(a, `link add name ${first} type veth peer name ${second} netns ${this.nameOf(b)}`);
    this.ip(a, `link set dev ${first} up`);
    this.ip(b, `link set dev ${second} up`);
  }

  /** Waits until an interface works: a bridge does a while after its first wire was joined. */
  async ready(namespace: string, link: string): Promise<void> {
    await until(`${link} of ${namespace}`, () => this.ip(namespace, `link show dev ${link}`).includes('state UP'));
  }

  /** Runs a program in a namespace to its end, within some seconds. */
  run(namespace: string, program: string, ...args: string[]): { status: number | null; output: string } {
    const command = ['netns', 'exec', this.nameOf(namespace), program, ...args];
    const { status, stdout, stderr } = spawnSync('ip', command, { encoding: 'utf8', timeout: 60_000 });
    return { status, output: stdout + stderr };
  }

  /** Starts a program in a namespace; what it prints goes to a file. `ip` becomes the program, so that signals reach it. */
  start(namespace: string, output: string, program: string, ...args: string[]): ChildProcess {
    const file = openSync(output, 'a');
    const command = ['netns', 'exec', this.nameOf(namespace), program, ...args];
    const child = spawn('ip', command, { stdio: ['ignore', file, file] });
    closeSync(file);
    this.#children.add(child);
    child.on('exit', () => this.#children.delete(child));
    return child;
  }

  async remove(): Promise<void> {
    for (const child of this.#children) await ended(child, 'SIGKILL');
    for (const namespace of this.#namespaces) {
      // What has left its parent: all of it was started here.
      for (const id of must('ip', 'netns', 'pids', this.nameOf(namespace)).split('\n').filter(Boolean)) killed(Number(id));
      must('ip', 'netns', 'del', this.nameOf(namespace));
    }
    this.#namespaces.clear();
  }
}

function must(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

// Some end by themselves meanwhile.
function killed(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends a process by a signal. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}

/** Waits for something, for half a minute. */
export async function until(what: string, isDone: () => boolean, describe: () => string = () => ''): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!isDone()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}\n${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
