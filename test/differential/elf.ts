/**
 * Reads the data of variables out of an object file, so that a compiler's answers can be had without running anything.
 * Only what little-endian ELF files need here (System V gABI, chapters 4 and 5).
 * @module
 */

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

const SYMTAB = 2;
const NOBITS = 8;
const NOTYPE = 0;
const OBJECT = 1;

/** The initial bytes of every variable of an object file, by name; up to the next variable where the file gives no size. */
export function variablesOf(file: Uint8Array): Map<string, Uint8Array> {
  const data = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (data.getUint32(0, false) !== 0x7f454c46) throw new Error('not an ELF file');
  const is64 = file[4] === 2;
  const word = (at: number): number => (is64 ? Number(data.getBigUint64(at, true)) : data.getUint32(at, true));
  const start = word(is64 ? 0x28 : 0x20);
  const [entrySize, count] = [data.getUint16(is64 ? 0x3a : 0x2e, true), data.getUint16(is64 ? 0x3c : 0x30, true)];
  const sections = Array.from({ length: count }, (_, i): Section => {
    const at = start + i * entrySize;
    const [offset, size, link] = is64 ? [0x18, 0x20, 0x28] : [0x10, 0x14, 0x18];
    return { type: data.getUint32(at + 4, true), offset: word(at + offset), size: word(at + size), link: data.getUint32(at + link, true) };
  });
  const table = sections.find((section) => section.type === SYMTAB);
  if (table === undefined) return new Map();
  const names = sections[table.link] as Section;
  const symbols: { name: string; section: Section; from: number; size: number }[] = [];
  for (let at = table.offset; at < table.offset + table.size; at += is64 ? 24 : 16) {
    const info = data.getUint8(at + (is64 ? 4 : 12));
    const section = sections[data.getUint16(at + (is64 ? 6 : 14), true)];
    const type = info & 15;
    if ((type !== OBJECT && type !== NOTYPE) || section === undefined || section.type === 0) continue;
    const [from, size] = is64 ? [word(at + 8), word(at + 16)] : [word(at + 4), word(at + 8)];
    const start = names.offset + data.getUint32(at, true);
    const name = Buffer.from(file.subarray(start, file.indexOf(0, start))).toString('latin1');
    symbols.push({ name, section, from, size: type === OBJECT ? size : Number.NaN });
  }
  symbols.sort((a, b) => a.from - b.from);
  return new Map(
    symbols.map(({ name, section, from, size }, i) => {
      const next = symbols.slice(i + 1).find((other) => other.section === section && other.from > from);
      const to = Number.isNaN(size) ? (next?.from ?? section.size) : from + size;
      return [name, section.type === NOBITS ? new Uint8Array(to - from) : file.subarray(section.offset + from, section.offset + to)];
    }),
  );
}
