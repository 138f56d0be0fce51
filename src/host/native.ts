/**
 * Native libraries for Lua in Node, through koffi: `ffi.load`, and the process's C library behind `ffi.C`. What scripts do
 * with them is not checked: a wrong prototype or pointer can end the process, and there is nothing that a script cannot do.
 * @module
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { TypeObject } from 'koffi';
import type { AbiName } from '../ctype/index.ts';
import type {
  Native,
  NativeCallback,
  NativeFunction,
  NativeLibrary,
  NativeSignature,
  NativeStruct,
  NativeType,
  NativeValue,
} from '../ffi/index.ts';
import type { RealMemory } from '../memory/index.ts';

export type { Native };

type Koffi = typeof import('koffi');
/** A function of koffi. */
type Callable = (...args: unknown[]) => unknown;

const ABIS: Readonly<Record<string, AbiName>> = {
  'linux x64': 'x86_64-linux-gnu',
  'linux arm64': 'aarch64-linux-gnu',
};

const RTLD_LAZY = 1;
const RTLD_GLOBAL = 0x100;
const IONBF = 2;

/**
 * Native libraries, for `createLua({ native: createNative() })`. Standard output of C is written at once from then on, so that
 * it comes in order with what JavaScript writes.
 * @throws {Error} when koffi is not installed, or the platform is none of Linux on x86-64 and ARM64
 * @example
 * const lua = createLua({ native: createNative() });
 * lua.run(`
 *   local ffi = require('ffi')
 *   ffi.cdef('size_t strlen(const char *);')
 *   assert(ffi.C.strlen('abc') == 3)
 * `);
 */
export function createNative(): Native {
  const platform = `${process.platform} ${process.arch}`;
  const abi = Object.hasOwn(ABIS, platform) ? ABIS[platform] : undefined;
  if (abi === undefined) throw new Error(`native libraries are not supported on ${platform}, but on ${Object.keys(ABIS).join(' and ')}`);
  return new KoffiNative(loadKoffi(), abi);
}

function loadKoffi(): Koffi {
  try {
    return createRequire(import.meta.url)('koffi') as Koffi;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error('native libraries need koffi: npm install koffi', { cause: error });
  }
}

class KoffiNative implements Native {
  readonly abi: AbiName;
  readonly memory: RealMemory;
  readonly process: NativeLibrary;
  readonly #koffi: Koffi;
  readonly #types: KoffiTypes;
  readonly #dlopen: (file: string, flags: number) => bigint | null;
  readonly #dlsym: (handle: bigint | null, name: string) => bigint | null;
  readonly #dlerror: () => string | null;

  constructor(koffi: Koffi, abi: AbiName) {
    this.abi = abi;
    this.#koffi = koffi;
    this.#types = new KoffiTypes(koffi);
    this.memory = {
      addressOf: (buffer) => Number(koffi.address(buffer)),
      viewOf: (address, size) => new Uint8Array(koffi.view(BigInt(address), size)),
    };
    // dlopen(3): its own texts say what is wrong, and a handle of NULL is the process, as dlsym's default is.
    const system = koffi.load(null);
    this.#dlopen = system.func('dlopen', 'void *', ['str', 'int']) as never;
    this.#dlsym = system.func('dlsym', 'void *', ['void *', 'str']) as never;
    this.#dlerror = system.func('dlerror', 'str', []) as never;
    this.process = this.#library(null);
    const stdout = koffi.decode(system.symbol('stdout'), 'void *') as bigint;
    system.func('setvbuf', 'int', ['void *', 'void *', 'int', 'size_t'])(stdout, null, IONBF, 0);
  }

  get errno(): number {
    return this.#koffi.errno();
  }

  set errno(value: number) {
    this.#koffi.errno(value);
  }

  load(file: string, isGlobal: boolean): NativeLibrary | string {
    const flags = isGlobal ? RTLD_LAZY | RTLD_GLOBAL : RTLD_LAZY;
    const handle = this.#dlopen(file, flags);
    if (handle !== null) return this.#library(handle);
    const problem = this.#dlerror() ?? `cannot load '${file}'`;
    // What is there under such names is often a script for the linker, which has the right name.
    const script = /^(\/[^:]*):/.exec(problem)?.[1];
    const target = script === undefined ? null : linkerScriptTarget(script);
    const behind = target === null ? null : this.#dlopen(target, flags);
    return behind === null ? problem : this.#library(behind);
  }

  #library(handle: bigint | null): NativeLibrary {
    return {
      symbol: (name) => {
        const address = this.#dlsym(handle, name);
        return address === null ? (this.#dlerror() ?? `undefined symbol: ${name}`) : Number(address);
      },
    };
  }

  functionAt(address: number, signature: NativeSignature): NativeFunction {
    const { koffi, types } = { koffi: this.#koffi, types: this.#types };
    const call = koffi.decode(BigInt(address), types.prototype(signature)) as Callable;
    const parameters = signature.parameters.map((type) => types.toKoffi(type));
    const result = signature.result === 'void' ? () => undefined : types.fromKoffi(signature.result);
    return (args, variadic) => {
      const values: unknown[] = args.map((value, i) => (parameters[i] as (value: NativeValue) => unknown)(value));
      for (const [type, value] of variadic) values.push(types.of(type), types.toKoffi(type)(value));
      return result(call(...values));
    };
  }

  callback(signature: NativeSignature, run: (args: readonly NativeValue[]) => NativeValue): NativeCallback {
    const { koffi, types } = { koffi: this.#koffi, types: this.#types };
    const parameters = signature.parameters.map((type) => types.fromKoffi(type));
    const result = signature.result === 'void' ? () => undefined : types.toKoffi(signature.result);
    const called = (...args: unknown[]): unknown => result(run(args.map((value, i) => (parameters[i] as Callable)(value) as NativeValue)));
    const pointer = koffi.register(called, koffi.pointer(types.prototype(signature)));
    return { address: Number(pointer), free: () => koffi.unregister(pointer) };
  }
}

// The first file that a linker script names (GNU ld's manual, "File Commands").
function linkerScriptTarget(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch {
    return null;
  }
  if (!text.startsWith('/* GNU ld script')) return null;
  return /\b(?:GROUP|INPUT)\s*\(\s*([^\s,)]+)/.exec(text.replace(/\/\*[\s\S]*?\*\//g, ''))?.[1] ?? null;
}

/** Types for koffi, made once each, as koffi keeps them for good. */
class KoffiTypes {
  readonly #koffi: Koffi;
  readonly #prototypes: Map<string, TypeObject> = new Map();
  readonly #structs: Map<string, TypeObject> = new Map();

  constructor(koffi: Koffi) {
    this.#koffi = koffi;
  }

  prototype({ parameters, result, isVariadic }: NativeSignature): TypeObject {
    const key = JSON.stringify([parameters, result, isVariadic]);
    let prototype = this.#prototypes.get(key);
    if (prototype === undefined) {
      const types = parameters.map((type) => this.of(type));
      prototype = this.#koffi.proto(result === 'void' ? 'void' : this.of(result), isVariadic ? [...types, '...'] : types);
      this.#prototypes.set(key, prototype);
    }
    return prototype;
  }

  of(type: NativeType): TypeObject | string {
    if (typeof type !== 'object') return type === 'pointer' ? 'void *' : type;
    const key = JSON.stringify(type);
    let struct = this.#structs.get(key);
    if (struct === undefined) {
      struct = this.#struct(type);
      this.#structs.set(key, struct);
    }
    return struct;
  }

  #struct({ size, align, members }: NativeStruct): TypeObject {
    const koffi = this.#koffi;
    if (members === null) return koffi.struct({ bytes: [align, koffi.array('uint8', size, 'Typed')] });
    // The alignment of the first member is that of the struct, which may be stricter than the members'.
    const entries = members.map(({ offset, type }, i) => [`at${offset}`, i === 0 ? [align, this.of(type)] : this.of(type)]);
    const struct = koffi.struct(Object.fromEntries(entries) as Record<string, string>);
    const isSame = members.every(({ offset }) => koffi.offsetof(struct, `at${offset}`) === offset);
    if (!isSame || struct.size !== size) throw new Error(`structs of ${size} bytes with such members cannot be passed by value`);
    return struct;
  }

  /** Makes what koffi takes of a value. */
  toKoffi(type: NativeType): (value: NativeValue) => unknown {
    if (typeof type !== 'object') return type === 'bool' ? Boolean : (value) => value;
    const { members } = type;
    if (members === null) return (value) => ({ bytes: value });
    return (value) => {
      const data = dataOf(value as Uint8Array);
      return Object.fromEntries(members.map(({ offset, type: scalar }) => [`at${offset}`, READ[scalar](data, offset)]));
    };
  }

  /** Makes a value of what koffi gives. */
  fromKoffi(type: NativeType): (value: unknown) => NativeValue {
    if (typeof type !== 'object') return type === 'pointer' ? (value) => (value ?? 0) as bigint : (value) => value as NativeValue;
    const { size, members } = type;
    if (members === null) return (value) => (value as { bytes: Uint8Array }).bytes;
    return (value) => {
      const bytes = new Uint8Array(size);
      const data = dataOf(bytes);
      for (const { offset, type: scalar } of members) WRITE[scalar](data, offset, (value as Record<string, never>)[`at${offset}`] ?? 0);
      return bytes;
    };
  }
}

function dataOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

type Scalar = Exclude<NativeType, NativeStruct>;

// Both platforms are little-endian.
const READ: Readonly<Record<Scalar, (data: DataView, offset: number) => number | bigint | boolean>> = {
  bool: (data, offset) => data.getUint8(offset) !== 0,
  int8: (data, offset) => data.getInt8(offset),
  uint8: (data, offset) => data.getUint8(offset),
  int16: (data, offset) => data.getInt16(offset, true),
  uint16: (data, offset) => data.getUint16(offset, true),
  int32: (data, offset) => data.getInt32(offset, true),
  uint32: (data, offset) => data.getUint32(offset, true),
  int64: (data, offset) => data.getBigInt64(offset, true),
  uint64: (data, offset) => data.getBigUint64(offset, true),
  float: (data, offset) => data.getFloat32(offset, true),
  double: (data, offset) => data.getFloat64(offset, true),
  pointer: (data, offset) => data.getBigUint64(offset, true),
};

type Value = number | bigint | boolean;

const WRITE: Readonly<Record<Scalar, (data: DataView, offset: number, value: Value) => void>> = {
  bool: (data, offset, value) => data.setUint8(offset, value ? 1 : 0),
  int8: (data, offset, value) => data.setInt8(offset, Number(value)),
  uint8: (data, offset, value) => data.setUint8(offset, Number(value)),
  int16: (data, offset, value) => data.setInt16(offset, Number(value), true),
  uint16: (data, offset, value) => data.setUint16(offset, Number(value), true),
  int32: (data, offset, value) => data.setInt32(offset, Number(value), true),
  uint32: (data, offset, value) => data.setUint32(offset, Number(value), true),
  int64: (data, offset, value) => data.setBigInt64(offset, BigInt(value), true),
  uint64: (data, offset, value) => data.setBigUint64(offset, BigInt(value), true),
  float: (data, offset, value) => data.setFloat32(offset, Number(value), true),
  double: (data, offset, value) => data.setFloat64(offset, Number(value), true),
  pointer: (data, offset, value) => data.setBigUint64(offset, BigInt(value), true),
};
