import { styleText } from 'node:util';
import { expect, it } from 'vitest';
import { printable } from './printable.ts';

it('shows what would act on a terminal, and leaves lines, tabs and colours as they are', () => {
  expect(printable('\u001b[2Ja\u001b]0;b\u0007\rc\u009b31m')).toBe(
    '\\x1b[2Ja\\x1b]0;b\\x07\\x0dc\\x9b31m',
  );
  const ours = `${styleText('red', 'é', { validateStream: false })}\tЯ\n`;
  expect(ours).toContain('\u001b[31m');
  expect(printable(ours)).toBe(ours);
});
