/**
 * A better order for the members of a struct: one that leaves less unused.
 *
 *     struct { char a; long b; char c; }  24 bytes:  | a.......| b       | c.......|
 *     struct { char a; char c; long b; }  16 bytes:  | ac......| b       |
 *
 * Orders are guessed here and measured by `layOut`, so that no rule of layout is known twice. Bit-fields that stand
 * together stay so, as their meaning is their order; a flexible array stays last.
 * @module
 */
import { type CType, isRecord, layOut, type Placement, type RecordOptions, type RecordType } from '../ctype/index.ts';

/** An order of members that makes a struct smaller. */
export interface BetterOrder {
  /** Bytes of the struct in this order, and how many that saves. */
  readonly size: number;
  readonly saved: number;
  readonly members: readonly Placement[];
}

/** Up to so many groups of so many members all orders are tried, 120 layouts at most. */
const FEW = { groups: 5, members: 100 };

// Members that keep together, and what they need in an empty struct.
interface Group {
  readonly members: readonly Placement[];
  readonly align: number;
  /** Bytes, without padding. */
  readonly size: number;
}

/**
 * The best order that was found, or null where none saves anything. Of up to 5 members all are tried. Unions have no order, and packed structs, `#pragma pack` included, have the one that they were given.
 */
export function betterOrder(type: RecordType): BetterOrder | null {
  const { layout } = type.definition;
  if (layout === null || type.kind === 'union') return null;
  const { members, options } = layout.declared;
  if (options.pack !== null || members.some((member) => member.isPacked)) return null;
  const last = members.at(-1);
  const tail = last !== undefined && isOpen(last.type) ? [last] : [];
  const groups = groupsOf(members.slice(0, members.length - tail.length), options);
  const smallest = roundUp(members.reduce((sum, member) => sum + bitsIn(member), 0) / 8, layout.align);
  if (layout.size <= smallest) return null;
  let best: BetterOrder | null = null;
  for (const order of candidates(groups)) {
    const tried = [...order.flatMap((group) => group.members), ...tail];
    const { size } = layOut(tried, options);
    if (size < (best?.size ?? layout.size)) best = { size, saved: layout.size - size, members: tried };
    if (best !== null && best.size <= smallest) break;
  }
  return best;
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

// `T a[]`, `T a[?]`, or a struct that ends in one.
function isOpen(type: CType): boolean {
  if (type.kind === 'array') return typeof type.length !== 'number';
  if (!isRecord(type)) return false;
  const last = type.definition.layout?.fields.at(-1);
  return last !== undefined && isOpen(last.type);
}

function bitsIn({ type, widthBits }: Placement): number {
  return widthBits ?? (type.size ?? 0) * 8;
}

function groupsOf(members: readonly Placement[], options: RecordOptions): Group[] {
  const runs: Placement[][] = [];
  for (const member of members) {
    const run = runs.at(-1);
    if (member.widthBits !== null && run?.[0] !== undefined && run[0].widthBits !== null) run.push(member);
    else runs.push([member]);
  }
  return runs.map((run) => {
    const { align, fields } = layOut(run, { ...options, userAlign: null });
    const end = fields.at(-1)?.bits ?? { bitOffset: 0, bitWidth: 0 };
    const bits = run.reduce((sum, member) => sum + bitsIn(member), 0);
    return { members: run, align, size: Math.ceil(Math.max(bits, end.bitOffset + end.bitWidth) / 8) };
  });
}

// The first two differ from the declared order no more than they have to.
function* candidates(groups: readonly Group[]): Generator<readonly Group[]> {
  yield fitting(groups);
  yield groups.toSorted((a, b) => b.align - a.align);
  const members = groups.reduce((sum, group) => sum + group.members.length, 0);
  if (groups.length <= FEW.groups && members <= FEW.members) yield* permutations(groups);
}

// At every place the first group that needs no padding there, else that which needs least.
function fitting(groups: readonly Group[]): Group[] {
  const queues = new Map<number, { group: Group; index: number }[]>();
  for (let index = groups.length - 1; index >= 0; index--) {
    const group = groups[index] as Group;
    const queue = queues.get(group.align);
    if (queue === undefined) queues.set(group.align, [{ group, index }]);
    else queue.push({ group, index });
  }
  const order: Group[] = [];
  let end = 0;
  while (order.length < groups.length) {
    const heads = [...queues].flatMap(([align, queue]) => {
      const head = queue.at(-1);
      return head === undefined ? [] : [{ align, queue, ...head, padding: roundUp(end, align) - end }];
    });
    const next = heads.reduce((a, b) => (b.padding < a.padding || (b.padding === a.padding && b.index < a.index) ? b : a));
    next.queue.pop();
    order.push(next.group);
    end += next.padding + next.group.size;
  }
  return order;
}

function* permutations<T>(list: readonly T[]): Generator<T[]> {
  if (list.length <= 1) yield [...list];
  for (const [i, first] of list.entries()) {
    if (list.length > 1) for (const rest of permutations(list.toSpliced(i, 1))) yield [first, ...rest];
  }
}
