import { openSync, readSync } from 'node:fs';
import { cdef } from 'cdef';

const c = cdef(`
  enum machine : uint16_t { EM_X86_64 = 62, EM_AARCH64 = 183 };
  typedef struct {
    unsigned char e_ident[16];
    uint16_t e_type;
    enum machine e_machine;
    uint32_t e_version;
    uint64_t e_entry, e_phoff, e_shoff;
    uint32_t e_flags;
    uint16_t e_ehsize, e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx;
  } Elf64_Ehdr;
`);

const bytes = Buffer.alloc(c.sizeof('Elf64_Ehdr'));
readSync(openSync(process.argv[2] ?? process.execPath), bytes);
const header = c.typeof('Elf64_Ehdr').view(bytes);

console.log(header.e_ident.bytes.toString('latin1', 1, 4), header.e_phentsize, header.e_phnum > 0);
console.log(Object.entries(c.typeof('enum machine').constants).find(([, value]) => value === header.e_machine)?.[0]);
