/**
 * The decoded value: a row per field, with its value in an input that writes into the bytes.
 * @module
 */
import { element } from './dom.ts';
import type { FieldNode } from './fields.ts';
import type { PictureEvents } from './picture.ts';

/** What the tree tells the page. */
export interface TreeEvents extends PictureEvents {
  /** A value was typed; throws when it does not fit. */
  onEdit(node: FieldNode, text: string): void;
}

/** Rows of one struct or array that are shown. */
const MOST_CHILDREN = 600;
/** Structs up to that depth are open at first, as long as they are few. */
const OPEN_DEPTH = 2;
const OPEN_CHILDREN = 40;

export class Tree {
  readonly #root: HTMLElement;
  readonly #events: TreeEvents;
  /** What was opened or closed by hand. */
  readonly #isOpen: Map<string, boolean> = new Map();

  constructor(root: HTMLElement, events: TreeEvents) {
    this.#root = root;
    this.#events = events;
    root.addEventListener('pointerover', (event) => events.onPoint(pathOf(event.target)));
    root.addEventListener('pointerleave', () => events.onPoint(null));
    root.addEventListener('focusin', (event) => events.onPoint(pathOf(event.target)));
  }

  draw(root: FieldNode, bytes: Uint8Array): void {
    const focused = this.#root.contains(document.activeElement) ? pathOf(document.activeElement) : null;
    const drawn = root.kind === 'value' || root.kind === 'rest' ? [this.#node(root, bytes, 0)] : this.#children(root, bytes, 0);
    this.#root.replaceChildren(...drawn);
    if (focused !== null) this.#input(focused)?.focus();
  }

  #children(node: FieldNode, bytes: Uint8Array, depth: number): HTMLElement[] {
    const all = node.children();
    const shown = all.slice(0, MOST_CHILDREN).map((child) => this.#node(child, bytes, depth));
    if (all.length > MOST_CHILDREN) shown.push(element('p', { class: 'note' }, `${all.length - MOST_CHILDREN} more`));
    return shown;
  }

  #node(node: FieldNode, bytes: Uint8Array, depth: number): HTMLElement {
    const name = element('span', { class: `name tint${node.tint}` }, node.name);
    const type = element('span', { class: 'type' }, node.type);
    if (node.kind === 'rest') return element('div', { class: 'field', 'data-path': node.path }, name);
    if (node.value !== null) return this.#value(node, bytes, name, type);
    const isOpen = this.#isOpen.get(node.path) ?? (depth < OPEN_DEPTH && node.children().length <= OPEN_CHILDREN);
    const details = element('details', { 'data-path': node.path }, element('summary', {}, name, type));
    const inside = element('div', { class: 'inside' });
    details.append(inside);
    const fill = (): void => inside.replaceChildren(...this.#children(node, bytes, depth + 1));
    details.open = isOpen;
    if (isOpen) fill();
    details.addEventListener('toggle', () => {
      this.#isOpen.set(node.path, details.open);
      if (details.open && inside.childElementCount === 0) fill();
    });
    return details;
  }

  #value(node: FieldNode, bytes: Uint8Array, name: HTMLElement, type: HTMLElement): HTMLElement {
    const value = node.value as NonNullable<FieldNode['value']>;
    const text = value.read(bytes);
    const path = node.path === '' ? node.name : node.path;
    const input = element('input', { type: 'text', spellcheck: 'false', autocomplete: 'off', 'aria-label': path });
    input.value = text ?? '';
    input.title = /^\d{2,}$/.test(text ?? '') ? `0x${BigInt(text as string).toString(16)}` : (text ?? '');
    if (text === null) {
      input.disabled = true;
      input.placeholder = 'no bytes';
    }
    const row = element('label', { class: 'field', 'data-path': node.path }, name, type, input);
    if (value.names.length > 0) {
      const id = `names-${node.path}`;
      row.append(element('datalist', { id }, ...value.names.map((one) => element('option', { value: one }))));
      input.setAttribute('list', id);
    }
    input.addEventListener('change', () => {
      try {
        this.#events.onEdit(node, input.value);
      } catch (error) {
        input.setCustomValidity(error instanceof Error ? error.message : String(error));
        input.reportValidity();
        input.setAttribute('aria-invalid', 'true');
      }
    });
    input.addEventListener('input', () => {
      input.setCustomValidity('');
      input.removeAttribute('aria-invalid');
    });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        input.value = text ?? '';
        input.setCustomValidity('');
        input.removeAttribute('aria-invalid');
      } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        // A list of names has use for them itself.
        if (value.names.length > 0) return;
        const all = [...this.#root.querySelectorAll<HTMLInputElement>('input:not(:disabled)')];
        const next = all[all.indexOf(input) + (event.key === 'ArrowDown' ? 1 : -1)];
        if (next === undefined) return;
        event.preventDefault();
        next.focus();
      }
    });
    return row;
  }

  #input(path: string): HTMLInputElement | null {
    for (const row of this.#root.querySelectorAll<HTMLElement>('.field'))
      if (row.dataset['path'] === path) return row.querySelector('input');
    return null;
  }

  /** Moves the focus to a field's value, if it is shown. */
  focus(path: string): void {
    this.#input(path)?.focus();
  }

  /** Marks the row of a field, or none. */
  mark(node: FieldNode | null): void {
    for (const one of this.#root.querySelectorAll('.on')) one.classList.remove('on');
    if (node === null || node.path === '') return;
    for (const row of this.#root.querySelectorAll<HTMLElement>('[data-path]')) {
      if (row.dataset['path'] === node.path) row.classList.add('on');
    }
  }
}

function pathOf(target: EventTarget | null): string | null {
  if (!(target instanceof Element)) return null;
  return target.closest<HTMLElement>('[data-path]')?.dataset['path'] ?? null;
}
