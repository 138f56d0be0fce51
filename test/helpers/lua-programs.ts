/**
 * Random programs in Lua 5.1 that end, and print the same wherever they run: every loop is bounded, functions call only those that are
 * there already, strings stay short, and nothing depends on the order of `pairs` or on the length of tables with gaps.
 *
 * A program is written from a list of numbers, a decision each; where the list ends, every decision is the simplest one. So
 * fast-check shrinks programs by shrinking lists.
 * @module
 */

const LITERALS = [
  '0',
  '1',
  '2',
  '-1',
  '0.5',
  '10',
  '1e15',
  "''",
  "'a'",
  "'10'",
  "'x y'",
  'true',
  'false',
  'nil',
  '{}',
  '{ 1, 2, 3 }',
  '-3.75',
];
const BINARY = ['+', '-', '*', '/', '%', '^', '==', '~=', '<', '<=', '>', '>=', 'and', 'or', 'and', 'or'];
const MAX_DEPTH = 3;
const MAX_STATEMENTS = 5;

interface Scope {
  readonly outer: Scope | null;
  readonly names: string[];
  /** What `...` and `return` may be used in. */
  readonly isVararg: boolean;
  readonly isFunction: boolean;
  readonly isLoop: boolean;
}

class Writer {
  readonly #decisions: readonly number[];
  #at = 0;
  #count = 0;
  #labels = 0;
  #scope: Scope = { outer: null, names: [], isVararg: true, isFunction: false, isLoop: false };
  // Those that are complete.
  readonly #functions: string[] = [];

  constructor(decisions: readonly number[]) {
    this.#decisions = decisions;
  }

  #next(choices: number): number {
    return (this.#decisions[this.#at++] ?? 0) % choices;
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#next(list.length)] as T;
  }

  #name(): string {
    const name = `v${this.#count++}`;
    this.#scope.names.push(name);
    return name;
  }

  #variables(): string[] {
    const all: string[] = [];
    for (let scope: Scope | null = this.#scope; scope !== null; scope = scope.outer) all.push(...scope.names);
    return all;
  }

  #inside<T>(kind: Partial<Scope>, write: () => T): T {
    const { isVararg, isFunction, isLoop } = this.#scope;
    const outer = this.#scope;
    this.#scope = { isVararg, isFunction, isLoop, ...kind, outer, names: kind.names ?? [] };
    try {
      return write();
    } finally {
      this.#scope = outer;
    }
  }

  // ---- expressions

  #expression(depth: number): string {
    if (depth >= MAX_DEPTH) return this.#simple();
    const inner = (): string => this.#expression(depth + 1);
    switch (this.#next(18)) {
      case 0:
      case 1:
      case 2:
        return this.#simple();
      case 3:
      case 4:
      case 5:
        return `(${inner()} ${this.#pick(BINARY)} ${inner()})`;
      case 6:
        return `(${inner()} .. ${inner()}):sub(1, 20)`;
      case 7:
        return `${this.#pick(['not ', '-', '- ', '#'])}${this.#simple()}`;
      case 8:
        return `(${inner()})[${inner()}]`;
      case 9:
        return `(${inner()}).${this.#pick(['x', 'y', 'n'])}`;
      case 10:
        return `{ ${inner()} or 0, ${inner()} or 0, x = ${inner()}, [${inner()} or 'k'] = ${inner()} }`;
      case 11:
        return this.#call(depth);
      case 12:
        return `str(${this.#simple()}):${this.#pick(['upper()', 'len()', 'sub(2)', 'rep(2)', 'byte()', 'reverse()'])}`;
      case 13:
        return `${this.#pick(['type', 'tonumber', 'math.abs', 'math.floor', 'select', 'next'])}(${inner()})`;
      case 14:
        return this.#scope.isVararg ? this.#pick(['(...)', "select('#', ...)", '(select(2, ...))']) : 'nil';
      case 15:
        return this.#function(depth);
      case 16:
        return `setmetatable({ n = ${inner()} }, M)`;
      default:
        return `(function(...) return ... end)(${inner()}, ${inner()})`;
    }
  }

  #simple(): string {
    const variables = this.#variables();
    return variables.length > 0 && this.#next(3) > 0 ? this.#pick(variables) : this.#pick(LITERALS);
  }

  #call(depth: number): string {
    const args = Array.from({ length: this.#next(4) }, () => this.#expression(depth + 1));
    if (this.#scope.isVararg && this.#next(4) === 1) args.push('...');
    return this.#functions.length === 0 ? `id(${args.join(', ')})` : `${this.#pick(this.#functions)}(${args.join(', ')})`;
  }

  // Its body is a short one; parameters are variables.
  #function(depth: number): string {
    const parameters = Array.from({ length: this.#next(3) }, () => `v${this.#count++}`);
    const isVararg = this.#next(3) === 1;
    const kind = { isVararg, isFunction: true, isLoop: false, names: parameters };
    const body = this.#inside(kind, () => (depth >= 1 ? `return ${this.#expression(depth + 1)}` : this.#block(depth + 1)));
    return `function(${[...parameters, ...(isVararg ? ['...'] : [])].join(', ')}) ${body} end`;
  }

  // ---- statements

  #block(depth: number): string {
    const statements = Array.from({ length: 1 + this.#next(MAX_STATEMENTS) }, () => this.#statement(depth));
    if (this.#scope.isFunction && this.#next(2) === 1) statements.push(`return ${this.#list(depth)}`);
    return statements.join('\n');
  }

  #list(depth: number): string {
    return Array.from({ length: 1 + this.#next(3) }, () => this.#expression(depth)).join(', ');
  }

  #nested(depth: number, kind: Partial<Scope> = {}): string {
    return this.#inside(kind, () => this.#block(depth + 1));
  }

  #statement(depth: number): string {
    const expression = (): string => this.#expression(Math.min(depth, 2));
    if (depth >= MAX_DEPTH) return `out(${expression()})`;
    switch (this.#next(17)) {
      case 0:
      case 1:
        return `out(${this.#list(depth)})`;
      case 2:
      case 3: {
        const values = this.#list(depth);
        return `local ${Array.from({ length: 1 + this.#next(3) }, () => this.#name()).join(', ')} = ${values}`;
      }
      case 4: {
        const variables = this.#variables();
        if (variables.length === 0) return `g = ${expression()}`;
        return `${this.#pick(variables)}, ${this.#pick([...variables, 'g'])} = ${expression()}, ${expression()}`;
      }
      case 5:
        return `if ${expression()} then ${this.#nested(depth)} elseif ${expression()} then ${this.#nested(depth)} else ${this.#nested(depth)} end`;
      case 6: {
        const name = `v${this.#count++}`;
        return `for ${name} = ${this.#pick(['1, 3', '3, 1, -1', '1, 2, 0.5', '2, 1'])} do ${this.#nested(depth, { isLoop: true, names: [name] })} end`;
      }
      case 7: {
        const [key, value] = [`v${this.#count++}`, `v${this.#count++}`];
        return `for ${key}, ${value} in ipairs({ ${this.#list(depth)} }) do ${this.#nested(depth, { isLoop: true, names: [key, value] })} end`;
      }
      case 8: {
        const counter = `c${this.#count++}`;
        const body = this.#nested(depth, { isLoop: true });
        return `local ${counter} = 0 while ${counter} < 3 do ${counter} = ${counter} + 1 ${body} end`;
      }
      case 9: {
        const counter = `c${this.#count++}`;
        const body = this.#inside({ isLoop: true }, () => `${this.#block(depth + 1)}`);
        return `local ${counter} = 0 repeat ${counter} = ${counter} + 1 do ${body} end until ${counter} >= 2 or ${expression()}`;
      }
      case 10: {
        const name = `f${this.#count++}`;
        const text = `local ${name} = ${this.#function(0)}`;
        this.#functions.push(name);
        const value = this.#functions.pop() as string;
        this.#scope.names.push(value);
        return `${text}\nout(${value}(${this.#list(depth)}))`;
      }
      case 11:
        return this.#scope.isLoop ? `if ${expression()} then break end` : `do ${this.#nested(depth)} end`;
      case 12:
        return `out(pcall(function(...) ${this.#nested(depth, { isVararg: true, isFunction: true, isLoop: false })} end, ${this.#list(depth)}))`;
      case 13: {
        const label = `l${this.#labels++}`;
        return `do if ${expression()} then goto ${label} end ${this.#nested(depth)} ::${label}:: end`;
      }
      case 14: {
        const body = this.#nested(depth, { isVararg: true, isFunction: true, isLoop: false });
        return `do local co = coroutine.create(function(...) out(coroutine.yield(${expression()})) ${body} end)
for i = 1, 3 do out(coroutine.resume(co, ${expression()}, i)) end end`;
      }
      case 15: {
        const variables = this.#variables();
        const table = variables.length === 0 ? 'T' : this.#pick(variables);
        return `${table}.${this.#pick(['x', 'y', 'n'])} = ${expression()}`;
      }
      default:
        return `T[#T + 1] = ${expression()} or 0 out(#T, T[#T], ${expression()})`;
    }
  }

  program(): string {
    const block = (): string => this.#inside({ isFunction: true }, () => this.#block(0));
    return Array.from({ length: 6 }, () => `out(pcall(function(...) ${block()} end, 1, 'two', nil))`).join('\n');
  }
}

/** The program of these decisions; it calls the globals of `PROGRAM_PRELUDE`. */
export function luaProgram(decisions: readonly number[]): string {
  return new Writer(decisions).program();
}

/**
 * In front of programs: `run(text)` runs one and prints a line for each `out(...)`, errors included. Each has globals and metatables of its own.
 * Names of operands, and places of built-in functions in tail calls, which LuaJIT does not have always, are left out of messages.
 */
export const PROGRAM_PRELUDE = `
local function text(v)
  if type(v) == 'number' then return v ~= v and 'nan' or ('%.12g'):format(v) end
  if type(v) == 'string' then
    v = v:gsub("%l+ '[%w_]+' %((a %l+ value)%)", '%1'):gsub("^p:%d+: (bad argument)", '%1'):gsub("#%d+ to '[^']*'", ''):gsub('^p:%d+: (invalid key)', '%1')
    return (v:gsub('%-nan', 'nan'):gsub('0x%x+', 'ADDR'):gsub('builtin[^ ]*', 'ADDR'):gsub('[^ -~]', '?'))
  end
  if v == nil or v == true or v == false then return tostring(v) end
  return type(v)
end
local function line(...)
  local parts = {}
  for i = 1, select('#', ...) do parts[i] = text((select(i, ...))) end
  return table.concat(parts, ' | ')
end
function run(source)
  local lines = {}
  local function out(...) lines[#lines + 1] = line(...) end
  local M = {}
  M.__index = function(t, k) if k == 'x' then return rawget(t, 'n') end end
  M.__add = function(a, b) return 'added' end
  M.__concat = function(a, b) return 'joined' end
  M.__call = function(self, ...) return select('#', ...), ... end
  M.__eq = function() return true end
  M.__lt = function() return true end
  M.__unm = function(v) return v.n end
  local env = setmetatable({ out = out, M = M, T = {}, id = function(...) return ... end, str = text }, { __index = _G })
  local f, message = loadstring(source, '=p')
  if f == nil then return print('syntax: ' .. message) end
  out(pcall(setfenv(f, env), 1, 'two', nil))
  for _, one in ipairs(lines) do print(one) end
end
`;
