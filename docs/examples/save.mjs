import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cdef } from 'cdef';

const c = cdef(
  `
  #define SLOTS 4
  enum item : uint8_t { NOTHING, LAMP, ROPE, KEY };
  struct hero { char name[12]; uint16_t level; float health; enum item bag[6]; };
  struct save {
    char magic[4];
    uint32_t checksum;        // sum of all bytes behind it
    uint64_t played_ms;
    struct hero heroes[SLOTS];
  };
`,
  { overflow: 'throw' }, // 300 into a byte is a RangeError, not 44
);
const type = c.typeof('struct save');

const sum = (bytes) => bytes.subarray(c.offsetof('struct save', 'played_ms')).reduce((total, byte) => (total + byte) >>> 0, 0);

if (!existsSync('hero.sav')) {
  const fresh = type.new({ magic: 'HERO', heroes: [{ name: 'Ada', level: 3, health: 72.5, bag: [c.C.LAMP] }] });
  fresh.checksum = sum(fresh.bytes);
  writeFileSync('hero.sav', fresh.bytes);
}

const bytes = readFileSync('hero.sav');
const save = type.view(bytes);
if (save.magic.text() !== 'HERO' || save.checksum !== sum(bytes)) throw new Error('no save, or a damaged one');

const hero = save.heroes.at(0);
hero.bag.set(1, c.C.KEY);
hero.level += 1;
save.played_ms += 60_000n; // 64 bits are a bigint
save.checksum = sum(bytes);
writeFileSync('hero.sav', bytes);

console.log(c.sizeof('struct hero'), hero.name.text(), hero.level, hero.health, [...hero.bag.bytes.subarray(0, 3)], save.played_ms);
