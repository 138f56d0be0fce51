/**
 * `cdef completion`: scripts that make shells complete the command: subcommands, their options, files.
 * @module
 */
import { type Command, type CommandEntry, UsageError } from '../usage.ts';

type Commands = Readonly<Record<string, CommandEntry>>;

/** The command, for completion of all of `commands`. */
export const completionCommand =
  (commands: Commands): Command =>
  (args) => {
    const [shell = '', ...more] = args;
    const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
    if (script === undefined || more.length > 0)
      throw new UsageError(`completion: expected ${Object.keys(SCRIPTS).join(', ')}, got '${args.join(' ')}'`);
    process.stdout.write(script(commands));
    return 0;
  };

const SCRIPTS: Readonly<Record<string, (commands: Commands) => string>> = { bash, zsh, fish };

/** The words of an option's flags: `-o, --output FILE` has `-o` and `--output`. */
function flagsOf(flags: string): string[] {
  return flags.match(/(?<![\w-])--?[a-zA-Z][\w-]*/g) ?? [];
}

function wordsOf({ options, words = [] }: CommandEntry): string[] {
  return [...words, ...options.flatMap(([flags]) => flagsOf(flags)), '--help'];
}

function bash(commands: Commands): string {
  const cases = Object.entries(commands).map(([name, entry]) => `    ${name}) words='${wordsOf(entry).join(' ')}' ;;`);
  return `# bash completion for cdef
_cdef() {
  local words current=\${COMP_WORDS[COMP_CWORD]}
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
    *) words='' ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words='${Object.keys(commands).join(' ')} --help --version'; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ "$COMP_CWORD" -gt 1 ] && [ "\${current#-}" = "$current" ]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _cdef cdef
`;
}

// Within single quotes, and for what zsh reads there once more.
function quotedForZsh(text: string): string {
  return text.replace(/'/g, "'\\''").replace(/[[\]:]/g, '\\$&');
}

function zsh(commands: Commands): string {
  const names = Object.entries(commands).map(([name, { summary }]) => `    '${name}:${quotedForZsh(summary)}'`);
  const cases = Object.entries(commands).map(([name, { options, words }]) => {
    const specs = options.flatMap(([flags, text]) =>
      flagsOf(flags).map((flag) => `'${flag}[${quotedForZsh(text)}]${/ [A-Z]/.test(flags) ? ':value:_files' : ''}'`),
    );
    if (words !== undefined) specs.push(`'1:word:(${words.join(' ')})'`);
    return `    ${name}) _arguments ${[...specs, "'--help[this text]'", "'*:file:_files'"].join(' ')} ;;`;
  });
  return `#compdef cdef
# zsh completion for cdef
_cdef() {
  local -a commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${cases.join('\n')}
  esac
}
compdef _cdef cdef
`;
}

function quotedForFish(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function fish(commands: Commands): string {
  const lines = Object.entries(commands).flatMap(([name, { summary, options, words = [] }]) => {
    const here = `complete -c cdef -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c cdef -n __fish_use_subcommand -f -a ${name} -d ${quotedForFish(summary)}`,
      ...words.map((word) => `${here} -a ${word}`),
      ...options.map(([flags, text]) => {
        const forms = flagsOf(flags).map((flag) =>
          flag.startsWith('--') ? `-l ${flag.slice(2)}` : flag.length === 2 ? `-s ${flag[1]}` : `-o ${flag.slice(1)}`,
        );
        return `${here} ${forms.join(' ')}${/ [A-Z]/.test(flags) ? ' -r' : ''} -d ${quotedForFish(text)}`;
      }),
      `${here} -l help -d 'this text'`,
    ];
  });
  return `# fish completion for cdef\n${lines.join('\n')}\n`;
}
