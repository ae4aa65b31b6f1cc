import { styleText } from 'node:util';
import { expect, it } from 'vitest';
import { printable } from './printable.ts';

it('shows what would act on a terminal, and leaves lines, tabs and colours as they are', () => {
  expect(printable('\u001b[2Ja\u001b]0;b\u0007\rc\u009b31m')).toBe(
    '\\x1b[2Ja\\x1b]0;b\\x07\\x0dc\\x9b31m',
  );
  expect(printable('\u001b[8mhidden\u001b[30m')).toBe('\\x1b[8mhidden\\x1b[30m');
  const styled = (['bold', 'dim', 'red', 'green'] as const).map((style) =>
    styleText(style, 'é', { validateStream: false }),
  );
  const ours = `${styled.join('\t')}\tЯ\n`;
  expect(ours).toContain('\u001b[31m');
  expect(printable(ours)).toBe(ours);
});
