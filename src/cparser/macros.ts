/**
 * Macros and their expansion (C11 6.10.3), by hide sets: a token remembers the macros it came out of and is not
 * expanded by them again.
 * @module
 */

/** A preprocessing token. */
export interface PpToken {
  readonly kind: 'identifier' | 'number' | 'literal' | 'punctuator' | 'placemarker';
  readonly text: string;
  /** Whether white space stands in front of it. */
  readonly space: boolean;
  /** Macros that must not expand it; null for none. */
  readonly hidden: HideSet | null;
}

// A linked set: adding shares the rest.
interface HideSet {
  readonly name: string;
  readonly size: number;
  readonly next: HideSet | null;
}

function added(set: HideSet | null, name: string): HideSet {
  const size = (set?.size ?? 0) + 1;
  // A set that grows without end would make every look into it slow.
  if (size > MAX_HIDDEN) throw new MacroError(`macros that expand to macros more than ${MAX_HIDDEN} levels deep`);
  return { name, size, next: set };
}

function hides(set: HideSet | null, name: string): boolean {
  for (let at = set; at !== null; at = at.next) if (at.name === name) return true;
  return false;
}

/** A macro's definition. */
export interface Macro {
  readonly name: string;
  /** `null` for an object-like macro. */
  readonly parameters: readonly string[] | null;
  /** The name that stands for the variable arguments (`__VA_ARGS__`, or gcc's `args...`); null for none. */
  readonly rest: string | null;
  readonly body: readonly PpToken[];
}

/** How many tokens expansion may take as arguments and produce in one text. */
export const MAX_EXPANDED = 2_000_000;
/** How deep arguments may hold macros with arguments. */
const MAX_DEPTH = 200;
/** How long a chain of macros that expand to one another may be. */
const MAX_HIDDEN = 1000;

/** Raised with the reason; the caller knows the place. */
export class MacroError extends Error {}

// White space and comments, literals with their prefixes, numbers, identifiers, everything else.
const TOKEN =
  /(\s+|\/\*[\s\S]*?\*\/|\/\/[^\n]*)|((?:L|U|u8|u)?(?:"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'))|(\.?\d(?:[eEpP][+-]|[\w.])*)|([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)|(\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[*/%+\-&^|]=|##|%:%:|%:|<[:%]|[:%]>|[\s\S])/y;

/** Splits a directive's text into preprocessing tokens. */
export function ppTokens(text: string): PpToken[] {
  const tokens: PpToken[] = [];
  let space = false;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    if (match[1] === undefined) tokens.push(tokenOf(match, space));
    space = match[1] !== undefined;
  }
  return tokens;
}

/** The preprocessing token at `offset`, where no white space is. */
export function ppTokenAt(text: string, offset: number): PpToken {
  TOKEN.lastIndex = offset;
  return tokenOf(TOKEN.exec(text) as RegExpExecArray, false);
}

function tokenOf([spelling, , literal, number, identifier]: RegExpExecArray, space: boolean): PpToken {
  const kind = identifier !== undefined ? 'identifier' : number !== undefined ? 'number' : literal !== undefined ? 'literal' : 'punctuator';
  return { kind, text: spelling, space, hidden: null };
}

/** Tokens as text: white space where there was some, and where two tokens would run together. */
export function textOf(tokens: readonly PpToken[]): string {
  let text = '';
  let last = '';
  for (const { text: spelling, space } of tokens) {
    if (spelling === '') continue;
    if (text !== '' && (space || runsTogether(last, spelling))) text += ' ';
    text += spelling;
    last = spelling;
  }
  return text;
}

function runsTogether(left: string, right: string): boolean {
  const a = left.at(-1) as string;
  const b = right[0] as string;
  if (/[\w$\u0080-\uffff.]/.test(a) && /[\w$\u0080-\uffff."']/.test(b)) return true;
  return /[-+<>=!&|*/%^#.:]/.test(a) && /[-+<>=&|*/%#.:]/.test(b);
}

/** Where tokens come from while a macro's arguments are collected: what is pending first, then the text. */
export interface TokenSource {
  /** The next token, or null at the end. */
  next(): PpToken | null;
  /** Whether `(` comes next, white space aside. */
  opensArguments(): boolean;
}

// A list read from the front, into which expansions are put back.
class List implements TokenSource {
  readonly #stack: PpToken[];

  constructor(tokens: readonly PpToken[]) {
    this.#stack = [...tokens].reverse();
  }

  next(): PpToken | null {
    return this.#stack.pop() ?? null;
  }

  opensArguments(): boolean {
    return this.#stack.at(-1)?.text === '(';
  }

  putBack(tokens: readonly PpToken[]): void {
    for (let i = tokens.length - 1; i >= 0; i--) this.#stack.push(tokens[i] as PpToken);
  }
}

/** The macros of one text, and the work of expanding them. */
export class Macros {
  readonly table: Map<string, Macro>;
  /** Macros that compute their text, of the token that asks: `__LINE__`, `__FILE__`, `__COUNTER__` and the like. */
  readonly computed: Map<string, (token: PpToken) => string> = new Map();
  // What `push_macro` saved by name, the last on top; null where there was no macro.
  readonly #saved: Map<string, (Macro | null)[]> = new Map();
  #produced = 0;
  #depth = 0;
  #isCondition = false;

  constructor(macros: Iterable<readonly [string, Macro]> = []) {
    this.table = new Map(macros);
  }

  isDefined(name: string): boolean {
    return this.table.has(name) || this.computed.has(name);
  }

  /** Does what a pragma says of macros: `push_macro("NAME")` and `pop_macro("NAME")`, as in gcc and Visual C++. */
  obeyPragma(pragma: string): void {
    const [, operation, name] = /^\s*(push|pop)_macro\s*\(\s*"([^"\n]*)"\s*\)/.exec(pragma) ?? [];
    if (name === undefined) return;
    const saved = this.#saved.get(name) ?? [];
    this.#saved.set(name, saved);
    if (operation === 'push') {
      saved.push(this.table.get(name) ?? null);
      return;
    }
    const macro = saved.pop();
    if (macro === null) this.table.delete(name);
    else if (macro !== undefined) this.table.set(name, macro);
  }

  /** All expansions of a token list. */
  expand(tokens: readonly PpToken[]): PpToken[] {
    if (++this.#depth > MAX_DEPTH) throw new MacroError(`macros nested deeper than ${MAX_DEPTH} levels`);
    try {
      return this.#expandAll(new List(tokens));
    } finally {
      this.#depth--;
    }
  }

  #expandAll(list: List): PpToken[] {
    const result: PpToken[] = [];
    for (let token = list.next(); token !== null; token = list.next()) {
      const replacement = this.replace(token, list);
      if (replacement !== null) {
        list.putBack(replacement);
        continue;
      }
      result.push(token);
      if (!this.#isCondition || token.text !== 'defined') continue;
      const hasParenthesis = list.opensArguments();
      for (const one of [list.next(), hasParenthesis ? list.next() : null]) if (one !== null) result.push(one);
    }
    return result;
  }

  /** All expansions in the condition of an `#if`, where names behind `defined` stay as they are. */
  expandCondition(tokens: readonly PpToken[]): PpToken[] {
    this.#isCondition = true;
    try {
      return this.expand(tokens);
    } finally {
      this.#isCondition = false;
    }
  }

  /** What `token` is replaced by, to be looked at again; null where it stays. Arguments are taken from `source`. */
  replace(token: PpToken, source: TokenSource): PpToken[] | null {
    if (token.kind !== 'identifier') return null;
    const compute = this.computed.get(token.text);
    if (compute !== undefined) return ppTokens(compute(token)).map((one) => ({ ...one, space: token.space }));
    const macro = this.table.get(token.text);
    if (macro === undefined || hides(token.hidden, macro.name)) return null;
    let body: PpToken[];
    let set = token.hidden;
    if (macro.parameters === null) {
      body = this.#substitute(macro, []);
    } else {
      if (!source.opensArguments()) return null;
      source.next();
      const { args, close } = this.#arguments(macro, source);
      body = this.#substitute(macro, args);
      // What a macro's name came out of does not count where its arguments end outside of that (Prosser's algorithm).
      set = intersection(set, close.hidden);
    }
    body = body.filter((one) => one.kind !== 'placemarker');
    this.#count(1);
    const hidden = added(set, macro.name);
    return body.map(({ kind, text, space, hidden: own }, i) => ({
      kind,
      text,
      space: i === 0 ? token.space : space,
      hidden: own === null ? hidden : merged(own, hidden),
    }));
  }

  #count(tokens: number): void {
    this.#produced += tokens;
    if (this.#produced > MAX_EXPANDED) throw new MacroError(`macros expand to more than ${MAX_EXPANDED} tokens`);
  }

  // What is made of `#` and `##` may double with each macro, in one token.
  #countText(token: PpToken | undefined): void {
    this.#count((token?.text.length ?? 0) >> 1);
  }

  #arguments(macro: Macro, source: TokenSource): { args: PpToken[][]; close: PpToken } {
    const parameters = macro.parameters as readonly string[];
    const args: PpToken[][] = [[]];
    let depth = 0;
    let close: PpToken;
    while (true) {
      const token = source.next();
      if (token === null) throw new MacroError(`arguments of macro '${macro.name}' without their ')'`);
      this.#count(1);
      close = token;
      if (token.text === ')' && depth-- === 0) break;
      if (token.text === '(') depth++;
      const isInRest = macro.rest !== null && args.length > parameters.length;
      if (token.text === ',' && depth === 0 && !isInRest) args.push([]);
      else (args.at(-1) as PpToken[]).push(token);
    }
    const isEmpty = args.length === 1 && (args[0] as PpToken[]).length === 0;
    if (isEmpty && parameters.length === 0) return { args: [], close };
    const wanted = parameters.length;
    if (args.length < wanted || (macro.rest === null && args.length > wanted)) {
      throw new MacroError(`macro '${macro.name}' takes ${wanted}${macro.rest === null ? '' : ' or more'} arguments, found ${args.length}`);
    }
    return { args, close };
  }

  // C11 6.10.3.1 to 6.10.3.3: arguments are expanded unless `#` or `##` stands beside them.
  #substitute(macro: Macro, args: readonly PpToken[][]): PpToken[] {
    const { body } = macro;
    const result: PpToken[] = [];
    const argumentOf = (token: PpToken): PpToken[] | null => {
      if (token.kind !== 'identifier' || macro.parameters === null) return null;
      const index = token.text === macro.rest ? macro.parameters.length : macro.parameters.indexOf(token.text);
      return index < 0 ? null : (args[index] ?? []);
    };
    // Each argument is expanded once, however often it is used.
    const expansions = new Map<PpToken[], PpToken[]>();
    const expanded = (argument: PpToken[]): PpToken[] => {
      const known = expansions.get(argument) ?? this.expand(argument);
      expansions.set(argument, known);
      return known;
    };
    let counted = 0;
    for (let i = 0; i < body.length; i++) {
      const token = body[i] as PpToken;
      const next = body[i + 1];
      if (token.text === '#' && macro.parameters !== null && next !== undefined) {
        const argument = this.#stringArgument(macro, next, args) ?? argumentOf(next);
        if (argument !== null) {
          const text = stringized(argument, token.space);
          this.#countText(text);
          result.push(text);
          i++;
          continue;
        }
      }
      if (token.text === '##' && result.length > 0 && next !== undefined) {
        const right = argumentOf(next) ?? [next];
        // gcc: `, ## __VA_ARGS__` loses the comma where there are no arguments.
        if (next.text === macro.rest && (result.at(-1) as PpToken).text === ',') {
          if (args.length <= (macro.parameters as readonly string[]).length) result.pop();
          else for (const one of right) result.push(one);
        } else {
          paste(result, right);
          this.#countText(result.at(-1));
        }
        i++;
        continue;
      }
      if (token.text === '__VA_OPT__' && macro.rest !== null && next?.text === '(') {
        i = this.#optional(macro, args, i + 1, result);
        continue;
      }
      const argument = argumentOf(token);
      if (argument === null) {
        result.push(token);
      } else {
        const isOperand = next?.text === '##';
        if (isOperand && argument.length === 0) result.push({ kind: 'placemarker', text: '', space: token.space, hidden: null });
        const tokens = isOperand ? argument : expanded(argument);
        // Before they are there: a body may name its parameter thousands of times.
        this.#count(tokens.length);
        counted += tokens.length;
        tokens.forEach((one, at) => {
          result.push(at === 0 ? { ...one, space: token.space } : one);
        });
      }
    }
    this.#count(Math.max(0, result.length - counted));
    return result;
  }

  // The variable arguments with their commas, for `#__VA_ARGS__`.
  #stringArgument(macro: Macro, token: PpToken, args: readonly PpToken[][]): PpToken[] | null {
    return token.text === macro.rest ? (args[(macro.parameters as readonly string[]).length] ?? []) : null;
  }

  // __VA_OPT__(tokens): the tokens where there are variable arguments. Answers the index of its `)`.
  #optional(macro: Macro, args: readonly PpToken[][], open: number, result: PpToken[]): number {
    let depth = 0;
    let close = open;
    for (; close < macro.body.length; close++) {
      const { text } = macro.body[close] as PpToken;
      if (text === '__VA_OPT__') throw new MacroError("'__VA_OPT__' within itself");
      if (text === '(') depth++;
      if (text === ')' && --depth === 0) break;
    }
    if (depth > 0) throw new MacroError("'__VA_OPT__(' without its ')'");
    const rest = args[(macro.parameters as readonly string[]).length] ?? [];
    if (this.expand(rest).length > 0) {
      const inner = this.#substitute({ ...macro, body: macro.body.slice(open + 1, close) }, args);
      for (const one of inner) result.push(one);
    } else {
      result.push({ kind: 'placemarker', text: '', space: false, hidden: null });
    }
    return close;
  }
}

function intersection(a: HideSet | null, b: HideSet | null): HideSet | null {
  if (a === b) return a;
  let result: HideSet | null = null;
  for (let at = a; at !== null; at = at.next) if (hides(b, at.name)) result = added(result, at.name);
  return result;
}

function merged(set: HideSet, more: HideSet): HideSet {
  if (set === more) return more;
  let result = more;
  for (let at: HideSet | null = set; at !== null; at = at.next) if (!hides(more, at.name)) result = added(result, at.name);
  return result;
}

// C11 6.10.3.2
function stringized(tokens: readonly PpToken[], space: boolean): PpToken {
  let text = '';
  tokens.forEach((token, i) => {
    if (i > 0 && token.space) text += ' ';
    text += token.kind === 'literal' ? token.text.replace(/["\\]/g, '\\$&') : token.text;
  });
  // gcc leaves a stray backslash out that would escape the closing quote.
  let end = text.length;
  while (text.charAt(end - 1) === '\\') end--;
  if ((text.length - end) % 2 === 1) text = text.slice(0, -1);
  return { kind: 'literal', text: `"${text}"`, space, hidden: null };
}

// C11 6.10.3.3: the last token of `left` and the first of `right` become one.
function paste(left: PpToken[], right: readonly PpToken[]): void {
  const last = left.pop() as PpToken;
  const [first, ...others] = right;
  const text = last.text + (first?.text ?? '');
  if (text === '') {
    left.push(last);
  } else {
    const tokens = ppTokens(text);
    const [one] = tokens;
    if (one === undefined || tokens.length > 1) throw new MacroError(`pasting '${last.text}' and '${first?.text ?? ''}' gives no token`);
    left.push({ ...one, space: last.space, hidden: last.hidden });
  }
  for (const other of others) left.push(other);
}

/** A macro's definition from `NAME body` or `NAME(a, b, ...) body`; text says what is wrong with it. */
export function parseMacro(text: string): Macro | string {
  const head = /^([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)(\()?/.exec(text);
  if (head === null) return "expected a macro name after '#define'";
  const [matched, name, open] = head as unknown as [string, string, string | undefined];
  if (name === 'defined') return "'defined' cannot be a macro";
  if (open === undefined) return checked({ name, parameters: null, rest: null, body: bodyTokens(text.slice(matched.length)) });
  const close = text.indexOf(')', matched.length);
  if (close < 0) return `parameters of macro '${name}' without their ')'`;
  const parameters: string[] = [];
  let rest: string | null = null;
  const list = text.slice(matched.length, close).trim();
  for (const parameter of list === '' ? [] : list.split(',')) {
    const match = /^\s*([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)?\s*(\.\.\.)?\s*$/.exec(parameter);
    if (match === null || (match[1] === undefined && match[2] === undefined)) return `malformed parameters of macro '${name}'`;
    if (rest !== null) return `'...' must be the last parameter of macro '${name}'`;
    if (match[2] !== undefined) rest = match[1] ?? '__VA_ARGS__';
    else if (parameters.includes(match[1] as string)) return `duplicate parameter '${match[1]}' of macro '${name}'`;
    else parameters.push(match[1] as string);
  }
  return checked({ name, parameters, rest, body: bodyTokens(text.slice(close + 1)) });
}

// Of a macro's body; `%:` and `%:%:` are its operators as `#` and `##` are (C11 6.4.6p3).
function bodyTokens(text: string): PpToken[] {
  return ppTokens(text).map((token) => (/^(?:%:){1,2}$/.test(token.text) ? { ...token, text: token.text.replaceAll('%:', '#') } : token));
}

// C11 6.10.3.2p1, 6.10.3.3p1
function checked(macro: Macro): Macro | string {
  const { name, parameters, rest, body } = macro;
  if (body[0]?.text === '##' || body.at(-1)?.text === '##') return `'##' at an end of macro '${name}'`;
  if (parameters === null) return macro;
  const isLoose = body.some(({ text }, i) => {
    const operand = body[i + 1]?.text ?? '';
    return text === '#' && operand !== rest && operand !== '__VA_OPT__' && !parameters.includes(operand);
  });
  return isLoose ? `'#' without a parameter behind it in macro '${name}'` : macro;
}
