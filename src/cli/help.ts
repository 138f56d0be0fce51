/**
 * What `--help` prints.
 * @module
 */
import { COMMANDS } from './commands.ts';

/** The usage of a command, without its options. */
function usageOf(name: string): string {
  const { usage, options } = COMMANDS[name] as (typeof COMMANDS)[string];
  return `cdef ${name} ${usage.replace('...', options.length > 0 ? '[OPTIONS]' : '')}`.replace(/ +/g, ' ').trimEnd();
}

/** The help of the command as a whole. */
export function generalHelp(): string {
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${usageOf(name)}\n      ${summary}\n`);
  return `Usage:\n  cdef\n      a prompt; see cdef repl\n${commands.join('')}  cdef COMMAND --help\n      its options\n  cdef --version\n  cdef --help\n`;
}

/** What a command that completion scripts are made for is told of, in its help. */
const SHELLS = `
Put one of these where your shell starts:

  source <(cdef completion bash)          in ~/.bashrc
  source <(cdef completion zsh)           in ~/.zshrc, behind compinit
  cdef completion fish | source           in ~/.config/fish/config.fish
`;

/** The help of one subcommand, which there is. */
export function commandHelp(name: string): string {
  const { summary, options } = COMMANDS[name] as (typeof COMMANDS)[string];
  const all = [...options, ['--help', 'this text']] as const;
  const width = Math.max(...all.map(([flags]) => flags.length));
  const lines = all.map(([flags, text]) => `  ${flags.padEnd(width)}  ${text}\n`);
  return `Usage: ${usageOf(name)}\n\n${summary}\n\nOptions:\n${lines.join('')}${name === 'completion' ? SHELLS : ''}`;
}
