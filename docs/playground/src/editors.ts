/**
 * The text editors: C, bytes in hex, and Lua, each with a range of text that can be marked from outside.
 * @module
 */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { cpp } from '@codemirror/lang-cpp';
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { lua } from '@codemirror/legacy-modes/mode/lua';
import { type Diagnostic, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { TextRange } from './declared.ts';

export type EditorLanguage = 'c' | 'hex' | 'lua';

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly language: EditorLanguage;
  /** What a screen reader calls it. */
  readonly label: string;
  /** For style elements, as the page's policy asks for. */
  readonly nonce: string;
  /** What stands in front of a line; its number by default. */
  readonly lineLabel?: (line: number) => string;
  /** Text that is pasted, as it is to be taken. */
  readonly onPaste?: (text: string) => string;
  onChange(text: string): void;
  /** Where the pointer or the cursor is; null when the pointer has left. */
  onPoint(offset: number | null): void;
}

const mark = StateEffect.define<readonly TextRange[]>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (old, { changes, effects, state }) => {
    let now = old.map(changes);
    for (const effect of effects) {
      if (!effect.is(mark)) continue;
      const end = state.doc.length;
      const ranges = effect.value.filter(({ from, to }) => from < to && to <= end);
      now = Decoration.set(
        ranges.map(({ from, to }) => Decoration.mark({ class: 'cm-linked' }).range(from, to)),
        true,
      );
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Colours are the page's, which knows light and dark.
const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.definitionKeyword, tags.controlKeyword], color: 'var(--keyword)' },
  { tag: [tags.typeName, tags.standard(tags.typeName)], color: 'var(--type)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--string)' },
  { tag: [tags.number, tags.bool, tags.atom], color: 'var(--number)' },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.processingInstruction, tags.meta], color: 'var(--keyword)' },
]);

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--field)', color: 'var(--text)', fontSize: '13px', height: '100%' },
  // The box around the editor shows it.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--text)', padding: '6px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--field)', color: 'var(--muted)', border: 'none' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--selection)',
  },
  '.cm-linked': { backgroundColor: 'var(--mark)', borderRadius: '3px', boxShadow: '0 0 0 1px var(--accent)' },
  '.cm-tooltip': { backgroundColor: 'var(--panel)', color: 'var(--text)', border: '1px solid var(--line)' },
});

const LANGUAGES: Readonly<Record<EditorLanguage, () => Extension>> = {
  c: cpp,
  lua: () => StreamLanguage.define(lua),
  hex: () => [],
};

export class Editor {
  readonly #view: EditorView;
  // What is set from outside is no change by hand.
  #isSetting = false;

  constructor(options: EditorOptions) {
    const { lineLabel, onPaste, label } = options;
    this.#view = new EditorView({
      parent: options.parent,
      state: EditorState.create({
        extensions: [
          EditorView.cspNonce.of(options.nonce),
          // In front of the key map, so that Tab leaves the editor as it leaves other fields.
          keymap.of([...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'), ...historyKeymap, ...lintKeymap]),
          lineNumbers(lineLabel === undefined ? {} : { formatNumber: lineLabel }),
          history(),
          drawSelection(),
          bracketMatching(),
          syntaxHighlighting(colors),
          theme,
          marks,
          LANGUAGES[options.language](),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
          onPaste === undefined ? [] : EditorView.clipboardInputFilter.of(onPaste),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !this.#isSetting) options.onChange(update.state.doc.toString());
            if (update.selectionSet && update.view.hasFocus && !this.#isSetting) options.onPoint(update.state.selection.main.head);
          }),
          EditorView.domEventHandlers({
            // Pointer events, as those of the other parts: mouse events come behind them.
            pointermove: (event, view) => options.onPoint(view.posAtCoords({ x: event.clientX, y: event.clientY })),
            pointerleave: () => options.onPoint(null),
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  get hasFocus(): boolean {
    return this.#view.hasFocus;
  }

  /** Replaces the text; the cursor stays where it is as far as it can. */
  set(text: string): void {
    const { state } = this.#view;
    if (state.doc.toString() === text) return;
    this.#isSetting = true;
    const anchor = Math.min(state.selection.main.anchor, text.length);
    this.#view.dispatch({ changes: { from: 0, to: state.doc.length, insert: text }, selection: { anchor } });
    this.#isSetting = false;
  }

  /** Marks ranges of the text. */
  mark(ranges: readonly TextRange[], scroll = false): void {
    const [first] = ranges;
    const isInside = first !== undefined && first.to <= this.#view.state.doc.length;
    const effects: StateEffect<unknown>[] = [mark.of(ranges)];
    if (scroll && isInside) effects.push(EditorView.scrollIntoView(first.from, { y: 'nearest' }));
    this.#view.dispatch({ effects });
  }

  /** Underlines a mistake, or none. */
  complain(problem: (TextRange & { readonly message: string }) | null): void {
    const { state } = this.#view;
    const end = state.doc.length;
    const diagnostics: Diagnostic[] =
      problem === null
        ? []
        : [{ from: Math.min(problem.from, end), to: Math.min(problem.to, end), severity: 'error', message: problem.message }];
    this.#view.dispatch(setDiagnostics(state, diagnostics));
  }
}
