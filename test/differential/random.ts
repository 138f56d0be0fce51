/**
 * Random declarations that gcc accepts. The same seed gives the same text.
 * @module
 */

/** A generator of numbers from 0 to 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Integer types with their bits.
const INTEGERS: readonly (readonly [string, number])[] = [
  ['char', 8],
  ['signed char', 8],
  ['unsigned char', 8],
  ['short', 16],
  ['unsigned short', 16],
  ['int', 32],
  ['unsigned', 32],
  ['long', 64],
  ['unsigned long', 64],
  ['long long', 64],
  ['unsigned long long', 64],
  ['_Bool', 1],
];
const OTHERS = ['float', 'double', 'long double', 'void *', 'float _Complex', 'double _Complex', '__int128', 'unsigned __int128'];

class StructWriter {
  readonly #random: () => number;
  #names = 0;
  /** Types to use as members; those that may be bit-fields, with their bits. */
  readonly #complete: string[] = [];
  readonly #integers: (readonly [string, number])[] = [...INTEGERS];

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #often(share: number): boolean {
    return this.#random() < share;
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T;
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  #aligned(largest = 5): string {
    return `__attribute__((aligned(${2 ** this.#below(largest + 1)})))`;
  }

  #bitField(): string {
    const [type, bits] = this.#one(this.#integers);
    if (this.#often(0.1)) return `${type} : 0;`;
    const width = 1 + this.#below(this.#often(0.2) ? bits : Math.min(bits, 12));
    if (this.#often(0.15)) return `${type} : ${width};`;
    const attribute = this.#often(0.08) ? ` ${this.#often(0.5) ? this.#aligned(4) : '__attribute__((packed))'}` : '';
    return `${type} ${this.#name('b')} : ${width}${attribute};`;
  }

  #member(depth: number): string {
    if (this.#often(0.4)) return this.#bitField();
    if (depth < 3 && this.#often(0.12)) {
      const kind = this.#often(0.5) ? 'struct' : 'union';
      return `${this.#body(kind, '', depth + 1)}${this.#often(0.5) ? '' : ` ${this.#name('n')}`};`;
    }
    const attribute = this.#often(0.12) ? ` ${this.#often(0.7) ? this.#aligned() : '__attribute__((packed))'}` : '';
    if (this.#complete.length > 0 && this.#often(0.2)) return `${this.#one(this.#complete.slice(-30))} ${this.#name('s')}${attribute};`;
    const type = this.#often(0.75) ? this.#one(this.#integers)[0] : this.#one(OTHERS);
    const lengths = type.startsWith('t') ? '' : this.#often(0.2) ? `[${this.#below(5)}]` : this.#often(0.05) ? '[2][3]' : '';
    return `${type} ${this.#name('m')}${lengths}${attribute};`;
  }

  #body(kind: 'struct' | 'union', tag: string, depth: number): string {
    const attributes: string[] = [];
    if (this.#often(0.2)) attributes.push('packed');
    if (this.#often(0.1)) attributes.push(`aligned(${2 ** this.#below(6)})`);
    // gcc lets a packed struct only half into another byte order; what is nested keeps the machine's.
    if (depth === 0 && this.#often(0.2)) attributes.push('scalar_storage_order("big-endian")');
    const count = this.#often(0.03) ? 0 : 1 + this.#below(7);
    const members = Array.from({ length: count }, () => this.#member(depth));
    const list = attributes.length === 0 ? '' : ` __attribute__((${attributes.join(', ')}))`;
    return `${kind}${list} ${tag} { ${members.join(' ')} }`;
  }

  #enum(): string {
    const tag = this.#name('e');
    const values = [this.#below(300) - 100, 2 ** this.#below(34), this.#often(0.2) ? -(2 ** this.#below(34)) : 1];
    const packed = this.#often(0.4) ? '__attribute__((packed)) ' : '';
    this.#complete.push(`enum ${tag}`);
    return `enum ${packed}${tag} { ${values.map((value) => `${this.#name('E')} = ${value}`).join(', ')} };`;
  }

  #typedef(): string {
    const name = this.#name('t');
    const [type, bits] = this.#one(INTEGERS);
    this.#integers.push([name, bits]);
    return `typedef ${type} ${name} ${this.#aligned()};`;
  }

  #struct(): string {
    const kind = this.#often(0.8) ? 'struct' : 'union';
    const tag = this.#name(kind === 'struct' ? 's' : 'u');
    const text = `${this.#body(kind, tag, 0)};`;
    this.#complete.push(`${kind} ${tag}`);
    if (!this.#often(0.15)) return text;
    return `#pragma pack(push, ${this.#one([1, 2, 4, 8, 16])})\n${text}\n#pragma pack(pop)`;
  }

  write(count: number): string {
    const lines: string[] = [];
    for (let i = 0; i < count; i++) {
      if (this.#often(0.1)) lines.push(this.#enum());
      if (this.#often(0.05)) lines.push(this.#typedef());
      lines.push(this.#struct());
    }
    return lines.join('\n');
  }
}

/** C text that declares `count` structs and unions, and enums and typedefs for them. */
export function randomStructs(seed: number, count: number): string {
  return new StructWriter(seed).write(count);
}
