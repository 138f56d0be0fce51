/**
 * The picture: rows of bytes, and below each the fields that they are in.
 * @module
 */
import { type Box, boxesOf, type Row, rowsOf } from './boxes.ts';
import { element } from './dom.ts';
import type { FieldNode } from './fields.ts';
import { hexByte } from './hex.ts';

/** What a picture tells the page. */
export interface PictureEvents {
  /** The pointer or the keyboard is at a field, or at none. */
  onPoint(path: string | null): void;
  onSelect(path: string): void;
}

export class Picture {
  readonly #root: HTMLElement;
  #boxes: readonly Box[] = [];

  constructor(root: HTMLElement, events: PictureEvents) {
    this.#root = root;
    root.addEventListener('pointerover', (event) => events.onPoint(this.#pathAt(event.target)));
    root.addEventListener('pointerleave', () => events.onPoint(null));
    root.addEventListener('focusin', (event) => events.onPoint(this.#pathAt(event.target)));
    root.addEventListener('click', (event) => {
      const path = this.#pathAt(event.target);
      if (path !== null) events.onSelect(path);
    });
    root.addEventListener('keydown', (event) => this.#move(event));
  }

  #pathAt(target: EventTarget | null): string | null {
    if (!(target instanceof Element)) return null;
    const box = target.closest<HTMLElement>('[data-path]');
    if (box !== null) return box.dataset['path'] as string;
    const byte = target.closest<HTMLElement>('[data-byte]')?.dataset['byte'];
    return byte === undefined ? null : (this.at(Number(byte))?.path ?? null);
  }

  /** The innermost field that has a byte; of bit-fields the first. */
  at(byte: number): FieldNode | null {
    return this.#boxes.find(({ node }) => node.startBits < byte * 8 + 8 && node.endBits > byte * 8)?.node ?? null;
  }

  // One box can be reached with Tab, the others from there with the arrow keys.
  #move(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step === undefined) return;
    const all = [...this.#root.querySelectorAll<HTMLElement>('.box[tabindex]')];
    const next = all[all.indexOf(document.activeElement as HTMLElement) + step];
    if (next === undefined) return;
    event.preventDefault();
    for (const one of all) one.tabIndex = one === next ? 0 : -1;
    next.focus();
  }

  draw(root: FieldNode, bytes: Uint8Array, rowBytes: number): void {
    this.#boxes = boxesOf(root);
    const start = root.startBits / 8;
    const end = root.endBits / 8;
    const { rows, isCut } = rowsOf(this.#boxes, start, end, rowBytes);
    this.#root.dataset['rowBytes'] = String(rowBytes);
    const seen = new Set<string>();
    const drawn = rows.map((row) => (row.isSkipped ? skipped(row) : this.#row(row, rowBytes, bytes, start, end, seen)));
    if (isCut) drawn.push(element('p', { class: 'note' }, `and ${end - (rows.at(-1) as Row).end} bytes more`));
    if (rows.length === 0) drawn.push(element('p', { class: 'note' }, 'a type without bytes'));
    this.#root.replaceChildren(...drawn);
  }

  #row(row: Row, rowBytes: number, bytes: Uint8Array, start: number, end: number, seen: Set<string>): HTMLElement {
    const grid = element('div', { class: 'row' }, element('span', { class: 'offset' }, row.start.toString(16).padStart(4, '0')));
    const [rowStart, rowEnd] = [row.start * 8, row.end * 8];
    const inRow = this.#boxes.filter(({ node }) => node.startBits < rowEnd && node.endBits > rowStart);
    const cells = element('div', { class: 'cells' });
    cells.style.gridTemplateColumns = `repeat(${rowBytes * 8}, minmax(0, 1fr))`;
    for (let at = row.start; at < row.end; at++) {
      const isInside = at >= start && at < end;
      const byte = bytes[at];
      const shown = !isInside ? '' : byte === undefined ? '··' : hexByte(byte);
      const cell = element('span', { class: byte === undefined ? 'byte missing' : 'byte', 'data-byte': String(at) }, shown);
      cell.style.gridColumn = `${(at - row.start) * 8 + 1} / span 8`;
      cells.append(cell);
    }
    cells.append(...this.#padding(inRow, Math.max(rowStart, start * 8), Math.min(rowEnd, end * 8), rowStart));
    for (const { node, lane } of inRow) {
      const from = Math.max(node.startBits, rowStart);
      const to = Math.min(node.endBits, rowEnd);
      const isFirst = !seen.has(node.path);
      seen.add(node.path);
      const bits = node.endBits - node.startBits;
      const size =
        bits % 8 === 0 && node.startBits % 8 === 0 ? `${bits / 8} bytes at ${node.startBits / 8}` : `${bits} bits at bit ${node.startBits}`;
      const title = `${node.path === '' ? node.name : node.path}: ${node.type}, ${size}`;
      const box = element('span', { class: `box tint${node.tint}`, 'data-path': node.path, title }, isFirst ? node.name : '');
      if (node.startBits < rowStart) box.classList.add('from-above');
      if (node.endBits > rowEnd) box.classList.add('goes-on');
      if (isFirst) {
        box.tabIndex = seen.size === 1 ? 0 : -1;
        box.setAttribute('role', 'button');
        box.setAttribute('aria-label', title);
      }
      box.style.gridColumn = `${from - rowStart + 1} / ${to - rowStart + 1}`;
      box.style.gridRow = String(lane + 2);
      cells.append(box);
    }
    grid.append(cells);
    return grid;
  }

  // Bits of the value that no field has.
  #padding(boxes: readonly Box[], from: number, to: number, rowStart: number): HTMLElement[] {
    const used = boxes.map(({ node }) => [node.startBits, node.endBits] as const).sort((a, b) => a[0] - b[0]);
    const gaps: HTMLElement[] = [];
    const gap = (start: number, end: number): void => {
      if (start >= end) return;
      const box = element('span', { class: 'box padding', title: `unused: ${end - start} bits` });
      box.style.gridColumn = `${start - rowStart + 1} / ${end - rowStart + 1}`;
      box.style.gridRow = '2';
      gaps.push(box);
    };
    let at = from;
    for (const [start, end] of used) {
      gap(at, Math.min(start, to));
      at = Math.max(at, end);
    }
    gap(at, to);
    return gaps;
  }

  /** Marks the boxes and bytes of a field, or of none. */
  mark(node: FieldNode | null): void {
    for (const one of this.#root.querySelectorAll('.on')) one.classList.remove('on');
    if (node === null) return;
    const paths = new Set(boxesOf(node).map((box) => box.node.path));
    for (const box of this.#root.querySelectorAll<HTMLElement>('.box[data-path]')) {
      if (paths.has(box.dataset['path'] as string)) box.classList.add('on');
    }
    // What is drawn is looked through, as a field may have any number of bytes.
    for (const cell of this.#root.querySelectorAll<HTMLElement>('[data-byte]')) {
      const at = Number(cell.dataset['byte']);
      if (at >= Math.floor(node.startBits / 8) && at < Math.ceil(node.endBits / 8)) cell.classList.add('on');
    }
  }
}

function skipped(row: Row): HTMLElement {
  return element('p', { class: 'skipped' }, `${row.end - row.start} bytes of the same field`);
}
