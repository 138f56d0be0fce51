import { createSocket } from 'node:dgram';
import { cdef } from 'cdef';

const c = cdef(`
  struct __attribute__((packed, scalar_storage_order("big-endian"))) dns {
    uint16_t id;
    uint16_t response : 1, opcode : 4, authoritative : 1, truncated : 1, recursion_desired : 1;
    uint16_t recursion_available : 1, reserved : 3, code : 4;
    uint16_t questions, answers, authorities, additionals;
  };
  struct __attribute__((packed)) question { be16_t type, class; };
  struct __attribute__((packed)) answer { be16_t name, type, class; be32_t ttl; be16_t length; uint8_t address[4]; };
`);
const header = c.typeof('struct dns');

const encodeName = (name) => Buffer.concat([...name.split('.').map((part) => Buffer.from([part.length, ...Buffer.from(part)])), Buffer.alloc(1)]);

// A name and where it ends. Compressed names (RFC 1035, 4.1.4) point back, which must not go on for ever.
function decodeName(bytes, start) {
  const parts = [];
  let end = null;
  for (let at = start, jumps = 0; ; ) {
    const length = bytes.readUInt8(at);
    if (length >= 0xc0) {
      if (++jumps > 10) throw new Error('a name that points in circles');
      end ??= at + 2;
      at = bytes.readUInt16BE(at) & 0x3fff;
    } else if (length === 0) {
      return { name: parts.join('.'), end: end ?? at + 1 };
    } else {
      parts.push(bytes.toString('ascii', at + 1, at + 1 + length));
      at += 1 + length;
    }
  }
}

const server = createSocket('udp4', (request, from) => {
  const { name, end } = decodeName(request, header.size);
  const reply = Buffer.concat([request.subarray(0, end + c.sizeof('struct question')), Buffer.alloc(c.sizeof('struct answer'))]);
  header.view(reply).set({ response: 1, recursion_available: 1, answers: 1 });
  const answer = c.typeof('struct answer').view(reply, reply.length - c.sizeof('struct answer'));
  answer.set({ name: 0xc000 | header.size, type: 1, class: 1, ttl: 60, length: 4, address: [192, 0, 2, name.length] });
  server.send(reply, from.port, from.address);
});

server.bind(0, '127.0.0.1', () => {
  const client = createSocket('udp4', (reply) => {
    const { id, response, code, answers } = header.view(reply);
    const { name, end } = decodeName(reply, header.size);
    const answer = c.typeof('struct answer').view(reply, end + c.sizeof('struct question'));
    console.log(id, response, code, answers, name, answer.ttl, answer.address.bytes.join('.'));
    client.close();
    server.close();
  });
  const query = header.new({ id: 4711, recursion_desired: 1, questions: 1 });
  const question = c.new('struct question', { type: 1, class: 1 });
  client.send(Buffer.concat([query.bytes, encodeName('www.example.org'), question.bytes]), server.address().port, '127.0.0.1');
});
