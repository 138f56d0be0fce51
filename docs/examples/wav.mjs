import { readFileSync, writeFileSync } from 'node:fs';
import { cdef } from 'cdef';

const c = cdef(`
  struct __attribute__((packed)) wav {
    char riff[4]; uint32_t size; char wave[4];
    char fmt[4]; uint32_t fmt_size;
    uint16_t format, channels; uint32_t rate, bytes_per_second; uint16_t align, bits;
    char data[4]; uint32_t data_size;
  };
`);

const rate = 8000;
const samples = Int16Array.from({ length: rate }, (_, i) => Math.round(12_000 * Math.sin((2 * Math.PI * 440 * i) / rate)));
const header = c.new('struct wav', {
  riff: 'RIFF', size: 36 + samples.byteLength, wave: 'WAVE',
  fmt: 'fmt ', fmt_size: 16,
  format: 1, channels: 1, rate, bytes_per_second: rate * 2, align: 2, bits: 16,
  data: 'data', data_size: samples.byteLength,
});
writeFileSync('tone.wav', Buffer.concat([header.bytes, Buffer.from(samples.buffer)]));

const bytes = readFileSync('tone.wav');
const read = c.typeof('struct wav').view(bytes);
const sound = c.typeof('int16_t').array(bytes, c.sizeof('struct wav'), read.data_size / read.align);
console.log(read.riff.text(), read.rate, 'Hz,', sound.length / read.rate, 's, loudest', Math.max(...sound));
