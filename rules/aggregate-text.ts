/** Conditions on orders and events in words: what an explanation shows. */
import { formatMicros } from '../proto/micros.ts';
import type { Aggregate, Measure, RowTest } from './aggregate.ts';
import { compileAggregate, compileMatching } from './aggregate-value.ts';
import { attributeText } from './attribute-text.ts';
import { SYMBOLS } from './comparison.ts';
import { STATUS_GROUPS } from './customer.ts';
import type { Facts } from './facts.ts';
import { windowText } from './window-text.ts';

const SHOWN = 10;
const AMOUNTS: readonly Measure[] = ['revenue', 'value', 'margin', 'aov', 'max', 'min'];

/** `orders.revenue ≥ 100 where status is paid and product any_of tea within the last 30 days, …`. */
export function aggregateText(aggregate: Aggregate, facts: Facts): string {
  const { rows, measure, where, window, op, value } = aggregate;
  const compared = `${rows}.${measure} ${SYMBOLS[op]} ${numberText(measure, value)}`;
  const tests = where.map((test) => testText(test, rows)).join(' and ');
  const days = window === null ? '' : ` ${windowText(window, facts.today, facts)}`;
  return `${compared}${tests === '' ? '' : ` where ${tests}`}${days}`;
}

/** `2 of 5 orders`, `30.50 from 2 of 5 orders`; of events how many, for nobody reads those no rule asks for. */
export function aggregateFound(aggregate: Aggregate, facts: Facts): string {
  const { rows, measure } = aggregate;
  const matching = compileMatching(aggregate)(facts);
  if (matching === null) return 'none';
  const known = rows === 'orders' ? ` of ${facts.orders.length}` : '';
  const counted = `${matching.length}${known} ${rows}`;
  if (measure === 'count') return counted;
  const value = compileAggregate(aggregate)(facts);
  return `${value === null ? 'none' : numberText(measure, value)} from ${counted}`;
}

function numberText(measure: Measure, value: number): string {
  if (AMOUNTS.includes(measure)) return formatMicros(value);
  return measure === 'count' ? String(value) : `${value} days`;
}

function testText(test: RowTest, rows: Aggregate['rows']): string {
  switch (test.on) {
    case 'status':
      return `status is ${test.statuses.map((status) => STATUS_GROUPS[status]).join(' or ')}`;
    case 'kind':
    case 'name':
      return `${test.on} is ${listText(test.texts, ' or ')}`;
    case 'product':
    case 'category':
    case 'brand':
      return `${test.on} ${test.quantifier} ${listText(test.texts, ', ')}`;
    case 'amount': {
      const amount = rows === 'orders' ? 'revenue' : 'value';
      return `${amount} ${SYMBOLS[test.op]} ${formatMicros(test.micros)}`;
    }
    case 'attribute':
      return attributeText(test);
  }
}

function listText(texts: readonly string[], glue: string): string {
  const more = texts.length > SHOWN ? ` and ${texts.length - SHOWN} more` : '';
  return `${texts.slice(0, SHOWN).join(glue)}${more}`;
}
