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
