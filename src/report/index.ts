/**
 * What people and other tools look at: layouts as text and as JSON.
 * @module
 */
export { dump } from './dump.ts';
export { type JsonEnum, type JsonLayout, type JsonMember, type JsonType, layoutAsJson, typeNames } from './json.ts';
export { layoutAsText } from './layout.ts';
