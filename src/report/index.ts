/**
 * What people and other tools look at: layouts as text and as JSON.
 * @module
 */
export { toC, type ToCOptions } from './ctext.ts';
export { dump } from './dump.ts';
export { type JsonEnum, type JsonLayout, type JsonMember, type JsonType, layoutAsJson, typeNames } from './json.ts';
export { standaloneTypeScript } from './standalone.ts';
export { typesAsTypeScript, type TypeScriptOptions } from './typescript.ts';
export { layoutAsText, type LayoutPart, type LayoutTextOptions } from './layout.ts';
export { betterOrder, type BetterOrder } from './reorder.ts';
export { DEFAULT_CACHELINE, type LayoutSummary, layoutSummary } from './spans.ts';
export { layoutAsSvg, type LayoutSvgOptions, layoutsAsSvg, type NamedRecord, type RowBytes } from './svg.ts';
