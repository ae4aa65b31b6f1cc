import { expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

function check(markup: string, expected: string): void {
  expect(plainText(markup)).toBe(expected);
}

it('drops tags and joins blanks', () => check('  <b>Red</b>\n shoe<br/>new ', 'Red shoe new'));
it('keeps a less-than that opens no tag', () => check('width < 10 & > 5', 'width < 10 & > 5'));
it('decodes entities once', () => {
  check('Caf&#233; &amp; Bar&#x21; &laquo;x&raquo;', 'Café & Bar! «x»');
  check('&amp;lt;b&amp;gt;', '&lt;b&gt;');
  check('&lt;script&gt;', '<script>');
});
it('leaves entities it does not know, and makes no broken characters', () => {
  check('&bogus; &constructor;', '&bogus; &constructor;');
  check('a&#xD800;&#0;&#9999999;b', 'ab');
});
it('takes linear time on text made of brackets', () =>
  check('<a'.repeat(50_000), '<a'.repeat(50_000)));
