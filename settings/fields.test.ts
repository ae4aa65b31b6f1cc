import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../platform/config-file.ts';
import { titleField, titleIn } from './fields.ts';

const schema = z.strictObject({ title: titleField });

function check(title: string, expected: { in?: Record<string, string>; problem?: string }): void {
  const { value, problems } = parseConfig(`title: ${title}\n`, 'a.yaml', schema);
  const shown = problems.map(({ line, column, path, message }) =>
    [`${line}:${column}`, path, message].join(' '),
  );
  expect(shown).toEqual(expected.problem === undefined ? [] : [expected.problem]);
  for (const [locale, text] of Object.entries(expected.in ?? {}))
    expect(titleIn(value!.title, locale), locale).toBe(text);
}

it('shows a title in the language of the shop, else in English, else in the first one', () => {
  check('Lapsed', { in: { 'en-US': 'Lapsed', 'bg-BG': 'Lapsed' } });
  check('{ bg: Заспали, en: Lapsed, pt: Desaparecidos, pt-BR: Sumidos }', {
    in: { 'bg-BG': 'Заспали', 'pt-BR': 'Sumidos', 'pt-PT': 'Desaparecidos', 'de-DE': 'Lapsed' },
  });
  check('{ ru: Спящие, bg: Заспали }', { in: { 'en-US': 'Спящие', bg: 'Заспали' } });
});

it('refuses what is no language, no title at all, and no text', () => {
  check('{ English: Lapsed }', {
    problem: '1:10 title.English expected a language such as en, bg or pt-BR, got "English"',
  });
  check('{}', { problem: '1:8 title expected a title in at least one language, got {}' });
  check('{ en: 5 }', { problem: '1:14 title.en expected text, got 5' });
  check('[Lapsed]', { problem: '1:8 title expected text, got ["Lapsed"]' });
});
