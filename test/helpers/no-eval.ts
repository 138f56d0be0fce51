/**
 * Takes `new Function` away from everything that runs afterwards, as a content security policy does: the suites of the
 * views run so a second time.
 * @module
 */
const forbid = (): never => {
  throw new EvalError('Code generation from strings disallowed for this context');
};

globalThis.Function = new Proxy(Function, { construct: forbid, apply: forbid });
