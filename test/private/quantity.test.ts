import { Size } from 'cdk8s';
import { bytes, quantity } from '../../src/private/quantity';

describe('a quantity', () => {
  test.each([
    [Size.kibibytes(1), '1Ki'],
    [Size.kibibytes(1024), '1Mi'],
    [Size.mebibytes(1500), '1500Mi'],
    [Size.gibibytes(100), '100Gi'],
    [Size.gibibytes(1.5), '1536Mi'],
    [Size.tebibytes(1), '1Ti'],
    [Size.pebibyte(1), '1Pi'],
    [Size.pebibyte(2048), '2048Pi'],
  ])('is written in the largest unit that holds it exactly: %j is %s', (size, text) => {
    expect(quantity('capacity', size).value).toBe(text);
  });

  test.each([[Size.gibibytes(0), '0 MiB'], [Size.kibibytes(0.5), '0.00048828125 MiB']])('cannot be %j', (size, shown) => {
    expect(() => quantity('capacity', size)).toThrow(new Error(`'capacity' must be a positive whole number of KiB, got ${shown}`));
  });
});

test('a size has 1024 bytes a KiB', () => {
  expect(bytes(Size.mebibytes(1))).toBe(1024 * 1024);
});
