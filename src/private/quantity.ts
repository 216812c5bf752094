import { Size, SizeRoundingBehavior } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { ensure } from './validation';

const KIBIBYTE = 1024;

/**
 * The number of bytes in a size.
 */
export function bytes(size: Size): number {
  return size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * KIBIBYTE;
}

/**
 * Renders a size in the largest binary unit that holds it exactly, such as `100Gi`.
 */
export function quantity(property: string, size: Size): k8s.Quantity {
  const kibibytes = bytes(size) / KIBIBYTE;
  ensure(Number.isSafeInteger(kibibytes) && kibibytes > 0, property, 'must be a positive whole number of KiB', size);
  const units = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
  let amount = kibibytes;
  while (units.length > 1 && amount % 1024 === 0) {
    amount /= 1024;
    units.shift();
  }
  return k8s.Quantity.fromString(`${amount}${units[0]}`);
}
