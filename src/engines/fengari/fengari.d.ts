// fengari has no types of its own. What is used of it is typed in vm.ts; nothing else imports it.
declare module 'fengari' {
  const fengari: unknown;
  export default fengari;
}
declare module 'fengari/src/lobject.js' {
  const lobject: unknown;
  export default lobject;
}
declare module 'fengari/src/lstring.js' {
  const lstring: unknown;
  export default lstring;
}
declare module 'fengari/src/ltm.js' {
  const ltm: unknown;
  export default ltm;
}
declare module 'fengari/src/ltable.js' {
  const ltable: unknown;
  export default ltable;
}
declare module 'fengari/src/lparser.js' {
  const lparser: unknown;
  export default lparser;
}
declare module 'fengari/src/lvm.js' {
  const lvm: unknown;
  export default lvm;
}
declare module 'fengari/src/lzio.js' {
  const lzio: unknown;
  export default lzio;
}
declare module 'fengari/src/ldo.js' {
  const ldo: unknown;
  export default ldo;
}
declare module 'fengari/src/lfunc.js' {
  const lfunc: unknown;
  export default lfunc;
}
declare module 'fengari/src/lopcodes.js' {
  const lopcodes: unknown;
  export default lopcodes;
}
declare module 'fengari/src/lstate.js' {
  const lstate: unknown;
  export default lstate;
}
