/**
 * Lua text, as LuaJIT writes it; for every engine that reads it.
 * @module
 */
export { shortChunkName } from './chunks.ts';
export { type DateParts, dateParts, formatDate, type LocalParts, localTime } from './dates.ts';
export {
  type Conversion,
  floatText,
  formatInteger,
  type FormatPiece,
  integerText,
  isPlainInteger,
  paddedText,
  parseFormat,
  quotedText,
} from './format.ts';
export { LuaLexer, type LuaLexerOptions, type LuaRange, type LuaToken, startOf } from './lexer.ts';
export { formatNumber, type LuaNumber, numberInBase, numberOfString, parseNumber } from './numbers.ts';
export { type Lua53Text, type ReplacedLiteral, toLua53 } from './lua53.ts';
export { readBytes, readLine, readNumber } from './streams.ts';
