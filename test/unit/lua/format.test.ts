import { describe, expect, it } from 'vitest';
import { type Conversion, floatText, formatInteger, integerText, isPlainInteger, parseFormat } from '../../../src/lua/index.ts';

function conversionOf(format: string): Conversion {
  return parseFormat(format)[0] as Conversion;
}

// JavaScript's digits, which are exact.
function exact(value: number, places: number): string {
  return (value < 0 || Object.is(value, -0) ? '-' : '') + Math.abs(value).toFixed(places);
}

describe('%f', () => {
  const places = [0, 1, 2, 3, 6, 7];
  // What lies at ties, beside them, at the ends of the quick way, and between.
  const ties = [0.5, 1.5, 2.5, 0.125, 0.375, 1.005, 1.115, 2.675, 1.0000005, 8.345, 1234.5678905];
  const others = [0, -0, 1e-7, 0.049, 0.0499999999, 0.999, 9.995, 99.99951, 2147.483647, 2147.4836475, 21474836.475, 2 ** 31, 1e15];
  const near = ties.flatMap((tie) => [1e-5, 1e-6, 1e-8, 1e-12, Number.EPSILON].flatMap((by) => [tie + by, tie - by]));
  const fractions = Array.from({ length: 2000 }, (_, i) => (i * 7919) / (1 + (i % 97)) / 1000);

  it.each(places)('has the digits of the exact value, %i places', (count) => {
    const conversion = conversionOf(`%.${count}f`);
    for (const value of [...ties, ...others, ...near, ...fractions]) {
      for (const signed of [value, -value]) expect(floatText(signed, conversion)).toBe(exact(signed, count));
    }
  });

  it.each([
    ['%8.2f', 7.34159, '    7.34'],
    ['%8.2f', -7.34159, '   -7.34'],
    ['%2.2f', 7.34159, '7.34'],
    ['%08.2f', -7.34159, '-0007.34'],
    ['%+.1f', 0.05, '+0.1'],
    ['%f', 0.1, '0.100000'],
    ['%5.1f', Number.POSITIVE_INFINITY, '  inf'],
  ])('%s of %d', (format, value, expected) => {
    expect(floatText(value, conversionOf(format))).toBe(expected);
  });
});

describe('integers', () => {
  const formats = ['%d', '%5d', '%-5d|', '%05d', '%+d', '% d', '%.3d', '%.0d', '%u', '%x', '%#x', '%08X', '%o', '%#o'];
  const values = [0, 1, -1, 7, -42, 255, 123456789, -123456789, 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1)];

  it.each(formats)('%s writes plain integers as those of 64 bits', (format) => {
    const conversion = conversionOf(format);
    for (const value of values) {
      if (isPlainInteger(value, conversion))
        expect(integerText(value, conversion)).toBe(integerText(formatInteger(value, conversion), conversion));
    }
    expect(isPlainInteger(1, conversion)).toBe(true);
  });

  it.each([
    ['%x', -1],
    ['%u', -1],
    ['%d', 1.5],
    ['%d', 2 ** 53],
    ['%d', Number.NaN],
  ])('%s of %d needs 64 bits', (format, value) => {
    expect(isPlainInteger(value, conversionOf(format))).toBe(false);
  });
});
