/** Conditions on attributes in words: what an explanation shows. */
import { formatMicros } from '../proto/micros.ts';
import { SYMBOLS } from './comparison.ts';
import type { Facts } from './facts.ts';
import { dayToDate } from './local-day.ts';
import type { Rule } from './rule.ts';

type AttributeRule = Rule & { kind: 'attribute' };

const SHOWN = 10;

/** `attributes.shoe_size ≥ 42`. */
export function attributeText({ name, test }: Pick<AttributeRule, 'name' | 'test'>): string {
  const attribute = `attributes.${name}`;
  switch (test.kind) {
    case 'missing':
      return `${attribute} ${test.missing ? 'is missing' : 'is there'}`;
    case 'number':
      return `${attribute} ${SYMBOLS[test.op]} ${formatMicros(test.valueMicros)}`;
    case 'date':
      return `${attribute} ${SYMBOLS[test.op]} ${dayToDate(test.day)}`;
    case 'days_until':
      return `days until ${attribute} ${SYMBOLS[test.op]} ${test.days}`;
    case 'days_since':
      return `days since ${attribute} ${SYMBOLS[test.op]} ${test.days}`;
    case 'anniversary':
      return `anniversary of ${attribute} today or within ${test.withinDays} days after`;
    case 'text': {
      const more = test.texts.length > SHOWN ? ` and ${test.texts.length - SHOWN} more` : '';
      return `${attribute} ${test.quantifier} ${test.texts.slice(0, SHOWN).join(', ')}${more}`;
    }
  }
}

/** The person's own values. */
export function attributeValue({ name }: AttributeRule, facts: Facts): string {
  const values = facts.attributes.filter((value) => value.name === name);
  const texts = values.map(({ text, numberMicros, day }) => {
    if (numberMicros !== null) return formatMicros(numberMicros);
    return day === null ? text : dayToDate(day);
  });
  return texts.length === 0 ? 'none' : texts.slice(0, SHOWN).join(', ');
}
