/**
 * The page: it holds the C text, the bytes and the script, and keeps everything that shows them in step.
 * @module
 */
import { type Cdef, CdefError, type CdefOptions, cdef } from '../../../src/index.ts';
import { ABIS, DEFAULT_ABI, isRecord } from '../../../src/ctype/index.ts';
import { typeNames } from '../../../src/report/index.ts';
import { DeclaredNames } from './declared.ts';
import { byId, debounced, element } from './dom.ts';
import { Editor } from './editors.ts';
import { EXAMPLES, type Example } from './examples.ts';
import { type FieldNode, Fields, firstOf } from './fields.ts';
import { formatHex, MOST_BYTES, type ParsedHex, parseHex, withoutDumpColumns } from './hex.ts';
import { Picture } from './picture.ts';
import { fromFragment, LinkError, type Project, toFragment } from './project.ts';
import type { Greeting, Outcome } from './protocol.ts';
import { Runner } from './runner.ts';
import { Tree } from './tree.ts';

/** Below this width the page is one column, with shorter rows of bytes. */
const NARROW = '(max-width: 900px)';

const page = {
  example: byId('example', HTMLSelectElement),
  abi: byId('abi', HTMLSelectElement),
  engine: byId('engine', HTMLSelectElement),
  type: byId('type', HTMLInputElement),
  types: byId('types', HTMLDataListElement),
  offset: byId('offset', HTMLInputElement),
  row: byId('row', HTMLSelectElement),
  live: byId('live', HTMLInputElement),
  keep: byId('keep', HTMLButtonElement),
  file: byId('file', HTMLInputElement),
  message: byId('message', HTMLElement),
  count: byId('count', HTMLElement),
  output: byId('output', HTMLElement),
  time: byId('time', HTMLElement),
  about: byId('about', HTMLElement),
  errors: { c: byId('c-error', HTMLElement), type: byId('type-error', HTMLElement), hex: byId('hex-error', HTMLElement) },
};
const nonce = document.querySelector<HTMLStyleElement>('style[nonce]')?.nonce ?? '';
const narrow = matchMedia(NARROW);

/** What the C text declares, as long as it has no mistake. */
interface Declared {
  readonly cdef: Cdef;
  readonly names: DeclaredNames;
}

let declared: Declared | null = null;
let bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
let hexText: ParsedHex = parseHex('');
let root: FieldNode | null = null;
let pointed: string | null = null;

const picture = new Picture(byId('picture', HTMLElement), {
  onPoint: (path) => point(path, 'picture'),
  onSelect: (path) => tree.focus(path),
});
const tree = new Tree(byId('tree', HTMLElement), { onPoint: (path) => point(path, 'tree'), onSelect: () => {}, onEdit: edit });

const editors = {
  c: new Editor({
    parent: byId('c', HTMLElement),
    language: 'c',
    label: 'C declarations',
    nonce,
    onChange: debounced(declare, 120),
    onPoint: (offset) => point(offset === null ? null : declaredAt(offset), 'c'),
  }),
  hex: new Editor({
    parent: byId('hex', HTMLElement),
    language: 'hex',
    label: 'Bytes in hex',
    nonce,
    lineLabel: hexLineLabel,
    onPaste: withoutDumpColumns,
    onChange: readHex,
    onPoint: (offset) => point(offset === null ? null : byteAt(offset), 'hex'),
  }),
  lua: new Editor({
    parent: byId('lua', HTMLElement),
    language: 'lua',
    label: 'Lua script',
    nonce,
    onChange: () => runWhileTyping(),
    onPoint: () => {},
  }),
};

const runner = new Runner({ onGreeting: introduce, onOutcome: showOutcome });
const runSoon = debounced(run, 350);

// C text

function declare(): void {
  const text = editors.c.text;
  try {
    const made: Cdef = cdef(text, { fileName: 'text.h', abi: page.abi.value } as CdefOptions);
    declared = { cdef: made, names: new DeclaredNames(text, made.namespace.isTypeName) };
    page.errors.c.textContent = '';
    editors.c.complain(null);
  } catch (error) {
    page.errors.c.textContent = error instanceof Error ? error.message : String(error);
    if (error instanceof CdefError) {
      const from = error.position.offset;
      editors.c.complain({ from, to: from + Math.max(1, error.length), message: error.reason });
    }
    return;
  }
  const names = [...typeNames(declared.cdef.namespace)].flatMap(([definition, name]) => ('kind' in definition ? [name] : []));
  page.types.replaceChildren(...names.map((name) => element('option', { value: name })));
  if (!isKnown(page.type.value)) page.type.value = names.at(-1) ?? '';
  draw();
  runWhileTyping();
}

function isKnown(type: string): boolean {
  try {
    declared?.cdef.typeof(type);
    return true;
  } catch {
    return false;
  }
}

// Where a place of the C text leads to: the first field that is declared there.
function declaredAt(offset: number): string | null {
  return root === null
    ? null
    : (firstOf(root, ({ declared }) => declared !== null && declared.from <= offset && offset <= declared.to)?.path ?? null);
}

// Bytes

function hexRowBytes(): number {
  return narrow.matches ? 8 : 16;
}

function hexLineLabel(line: number): string {
  const start = hexText.lines[line - 1];
  return start === undefined ? '' : start.toString(16).padStart(4, '0');
}

function readHex(text: string): void {
  hexText = parseHex(text);
  page.errors.hex.textContent = hexText.error?.message ?? '';
  editors.hex.complain(hexText.error);
  bytes = hexText.bytes;
  draw();
  runWhileTyping();
}

function byteAt(offset: number): string | null {
  const index = hexText.starts.findLastIndex((start) => start <= offset);
  return index < 0 ? null : (picture.at(index)?.path ?? null);
}

function setBytes(next: Uint8Array<ArrayBuffer>): void {
  bytes = next;
  const text = formatHex(bytes, hexRowBytes());
  hexText = parseHex(text);
  editors.hex.set(text);
  editors.hex.complain(null);
  page.errors.hex.textContent = '';
  draw();
}

async function openFile(file: File): Promise<void> {
  const part = file.slice(0, MOST_BYTES);
  setBytes(new Uint8Array(await part.arrayBuffer()));
  say(file.size > part.size ? `${file.name} has ${file.size} bytes; these are the first ${part.size}.` : '');
  runWhileTyping();
}

function edit(node: FieldNode, text: string): void {
  const next = bytes.slice();
  node.value?.write(next, text);
  setBytes(next);
  runWhileTyping();
}

// Layout and values

function draw(): void {
  page.count.textContent = `${bytes.length}`;
  if (declared === null) return;
  const offset = Math.max(0, Math.trunc(Number(page.offset.value)) || 0);
  const name = page.type.value.trim();
  try {
    const ctype = declared.cdef.ctypeOf(name);
    const size = ctype.size ?? (isRecord(ctype) ? ctype.definition.layout?.size : undefined);
    if (size === undefined && ctype.kind !== 'array') throw new TypeError(`'${name}' has no size`);
    root = new Fields(declared.names, bytes.length).root(ctype, name, offset);
    const have = Math.max(0, bytes.length - offset);
    page.errors.type.textContent = size !== undefined && size > have ? `${name} needs ${size} bytes at offset ${offset}, have ${have}` : '';
  } catch (error) {
    root = null;
    page.errors.type.textContent =
      name === '' ? 'The text declares no type with a size.' : error instanceof Error ? error.message : String(error);
    return;
  }
  picture.draw(root, bytes, Number(page.row.value) || rowBytesFor(root));
  tree.draw(root, bytes);
  point(pointed, 'tree');
}

// Bit-fields need wide bytes.
function rowBytesFor(node: FieldNode): number {
  if (hasBitFields(node)) return 4;
  return narrow.matches || (node.endBits - node.startBits) / 8 <= 64 ? 8 : 16;
}

function hasBitFields(node: FieldNode): boolean {
  return firstOf(node, ({ startBits, endBits }) => startBits % 8 !== 0 || endBits % 8 !== 0) !== null;
}

function nodeAt(path: string, from: FieldNode | null = root): FieldNode | null {
  if (from === null || from.path === path) return from;
  for (const child of from.children()) {
    // The members of an unnamed one have its parent's path in front of theirs.
    const isUnnamed = child.name.startsWith('(');
    const isWithin = path.startsWith(child.path) && ['', '.', '[', '('].includes(path.charAt(child.path.length));
    const found = isUnnamed || isWithin ? nodeAt(path, child) : null;
    if (found !== null) return found;
  }
  return null;
}

type Part = 'c' | 'hex' | 'picture' | 'tree';

// Marks a field in all parts; those where the pointer is not scroll to it.
function point(path: string | null, from: Part): void {
  pointed = path;
  const node = path === null ? null : nodeAt(path);
  picture.mark(node);
  tree.mark(node);
  editors.c.mark(node?.declared == null ? [] : [node.declared], from !== 'c');
  editors.hex.mark(node === null || node.path === '' ? [] : hexRanges(node), from !== 'hex');
}

function hexRanges(node: FieldNode): { from: number; to: number }[] {
  const first = hexText.starts[Math.floor(node.startBits / 8)];
  const last = hexText.starts[Math.min(Math.ceil(node.endBits / 8), hexText.starts.length) - 1];
  return first === undefined || last === undefined || last < first ? [] : [{ from: first, to: last + 2 }];
}

// Scripts

function run(): void {
  if (declared === null) return;
  const { engine, abi } = page;
  runner.run({ c: editors.c.text, abi: abi.value, engine: engine.value, lua: editors.lua.text, bytes: bytes.slice() });
}

function runWhileTyping(): void {
  if (page.live.checked) runSoon();
}

function showOutcome({ output, error, bytes: after, milliseconds, isCompiled }: Outcome): void {
  page.output.textContent = output;
  if (error !== null) page.output.append(element('span', { class: 'error' }, error));
  const form = isCompiled === null ? '' : isCompiled ? ', compiled' : ', interpreted';
  page.time.textContent = `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms${form}`;
  const changed = after.filter((byte, i) => byte !== bytes[i]).length;
  const isSame = after.length !== bytes.length || changed === 0;
  page.keep.hidden = isSame;
  page.keep.textContent = `Keep the ${changed} byte${changed === 1 ? '' : 's'} it changed`;
  page.keep.onclick = () => {
    setBytes(after);
    page.keep.hidden = true;
    runWhileTyping();
  };
}

function introduce({ engines }: Greeting): void {
  const chosen = page.engine.value;
  page.engine.replaceChildren(...engines.map(({ name }) => element('option', { value: name }, name)));
  page.engine.value = engines.some(({ name }) => name === chosen) ? chosen : (engines[0]?.name ?? '');
  if (page.engine.value !== chosen) say(`There is no engine ${chosen}; ${page.engine.value} takes its place.`);
  const names = engines.map(({ name }) => name).join(' and ');
  const form = engines.some(({ isCompiled }) => isCompiled)
    ? 'eval is allowed here: what can be compiled is.'
    : `eval is forbidden here: fields are read by closures, and ${names} interpret Lua.`;
  page.about.textContent = `Everything runs in this page, without a server. ${form}`;
  runWhileTyping();
}

// Links, examples, the page itself

function say(text: string): void {
  page.message.textContent = text;
}

function show(project: Omit<Project, 'engine'> & { readonly engine?: string }): void {
  if (project.abi in ABIS) page.abi.value = project.abi;
  if (project.engine !== undefined) {
    // The thread may not have said yet which engines there are.
    if (![...page.engine.options].some(({ value }) => value === project.engine)) page.engine.append(element('option', {}, project.engine));
    page.engine.value = project.engine;
  }
  page.type.value = project.type;
  page.offset.value = String(project.offset);
  root = null;
  pointed = null;
  editors.lua.set(project.lua);
  editors.c.set(project.c);
  setBytes(project.bytes);
  declare();
}

function showExample(example: Example): void {
  page.example.value = example.id;
  show({ ...example, bytes: parseHex(example.hex).bytes, offset: 0, abi: DEFAULT_ABI });
}

async function showLink(): Promise<void> {
  const example = EXAMPLES.find(({ id }) => location.hash === `#${id}`) ?? (location.hash === '' ? EXAMPLES[0] : undefined);
  if (example !== undefined) {
    showExample(example);
    return;
  }
  try {
    show(await fromFragment(location.hash));
    page.example.value = '';
    say('');
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    if (root === null) showExample(EXAMPLES[0] as Example);
    say(`${error.message[0]?.toUpperCase()}${error.message.slice(1)}.`);
  }
}

async function share(): Promise<void> {
  const { type, offset, abi, engine } = page;
  const project = { c: editors.c.text, bytes, lua: editors.lua.text, type: type.value, offset: Number(offset.value) || 0 };
  history.replaceState(null, '', await toFragment({ ...project, abi: abi.value, engine: engine.value }));
  try {
    await navigator.clipboard.writeText(location.href);
    say('The link is in the clipboard, and in the address bar.');
  } catch {
    say('The link is in the address bar.');
  }
}

function listen(): void {
  page.example.addEventListener('change', () => {
    const example = EXAMPLES.find(({ id }) => id === page.example.value);
    if (example === undefined) return;
    history.replaceState(null, '', `#${example.id}`);
    say('');
    showExample(example);
  });
  page.abi.addEventListener('change', declare);
  page.engine.addEventListener('change', run);
  page.type.addEventListener('input', draw);
  page.offset.addEventListener('input', draw);
  page.row.addEventListener('change', draw);
  narrow.addEventListener('change', () => setBytes(bytes));
  byId('run', HTMLButtonElement).addEventListener('click', run);
  byId('share', HTMLButtonElement).addEventListener('click', () => void share());
  byId('open', HTMLButtonElement).addEventListener('click', () => page.file.click());
  page.file.addEventListener('change', () => {
    const [file] = page.file.files ?? [];
    if (file !== undefined) void openFile(file);
    page.file.value = '';
  });
  byId('theme', HTMLButtonElement).addEventListener('click', () => {
    const { dataset } = document.documentElement;
    const isDark = dataset['theme'] === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : dataset['theme'] === 'dark';
    dataset['theme'] = isDark ? 'light' : 'dark';
  });
  // Bytes that were typed get even rows again.
  byId('hex', HTMLElement).addEventListener('focusout', () => {
    if (hexText.error === null) setBytes(bytes);
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run();
  });
  addEventListener('hashchange', () => void showLink());
  addEventListener('dragover', (event) => {
    event.preventDefault();
    document.body.classList.add('dropping');
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) document.body.classList.remove('dropping');
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    document.body.classList.remove('dropping');
    const [file] = event.dataTransfer?.files ?? [];
    if (file !== undefined) void openFile(file);
  });
  addEventListener('paste', (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (file === undefined) return;
    event.preventDefault();
    void openFile(file);
  });
}

page.example.append(element('option', { value: '' }, 'none'), ...EXAMPLES.map(({ id, name }) => element('option', { value: id }, name)));
page.abi.append(...Object.keys(ABIS).map((name) => element('option', {}, name)));
page.abi.value = DEFAULT_ABI;
page.engine.append(element('option', {}, 'jit'));
listen();
void showLink();
