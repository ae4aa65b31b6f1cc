import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { customerPersonId, identityKey, isHashedId, orderKey } from './ids.ts';

const bytes = Buffer.alloc(32, 3);
const key = createSecretKey(bytes);

/** Stores and logs of years hold these: they may never change. */
function kept(...lines: readonly string[]): string {
  const mac = createHmac('sha256', bytes).update(lines.join('\n')).digest();
  return mac.toString('base64url', 0, 12);
}

it('are the first 96 bits of the HMAC of kind, name and value', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary' }), (name, value) => {
      expect(identityKey(key, `eid:${name}`, value)).toBe(kept('i', `eid:${name}`, value));
      expect(customerPersonId(key, name, value)).toBe(kept('p', name, value));
      expect(orderKey(key, name, value)).toBe(kept('o', name, value));
      expect(isHashedId(orderKey(key, name, value))).toBe(true);
    }),
  );
});
