import { cdef } from 'cdef';

const c = cdef(`
  struct date { uint16_t day : 5, month : 4, year : 7; };            // FAT: years from 1980
  struct flags { unsigned ready : 1; int level : 3; unsigned : 0; unsigned mode : 2; };
`);

const date = c.typeof('struct date').view(Uint8Array.of(0x55, 0x47));
console.log(1980 + date.year, date.month, date.day);

const flags = c.new('struct flags', { ready: 1, level: -1, mode: 3 });
console.log(Buffer.from(flags.bytes).toString('hex'), flags.level); // `: 0` starts a new unit
console.log(c.offsetof('struct flags', 'mode'));

flags.level = 9; // only three bits are stored, as in C
console.log(flags.level);

const strict = cdef('struct flags { int level : 3; };', { overflow: 'throw' }).new('struct flags');
try {
  strict.level = 9;
} catch (error) {
  console.log(error.message);
}

const text = 'struct s { char a; int b : 4; };';
console.log(cdef(text).sizeof('struct s'), cdef(text, { abi: 'x86_64-w64-mingw32' }).sizeof('struct s'));
