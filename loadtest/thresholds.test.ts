import { expect, it } from 'vitest';
import { breachedThresholds, parseThresholds } from './thresholds.ts';

const MEASURED = { p99: 5000, errors: 0.001, ratio: 11, rate: 9000, bids: 0.3 };

it('finds nothing breached when all is kept', () => {
  check('p99=5ms,errors=0.1%,ratio=12,rate=9000,bids=30%', []);
  check('', []);
});

it('names what is breached as it was written', () => {
  check('p99=4.9ms', ['p99=4.9ms']);
  check('p99=4900us, ratio=10.5', ['p99=4900us', 'ratio=10.5']);
  check('rate=9001,bids=31%,errors=0%', ['rate=9001', 'bids=31%', 'errors=0%']);
});

it('takes what was not measured for breached', () => check('p50=1s', ['p50=1s']));

it('says what it expected', () => {
  expect(() => parseThresholds('p98=1ms')).toThrow('expected name=limit with a name of p50, p95');
  expect(() => parseThresholds('p99=20')).toThrow('expected a time such as 20ms');
  expect(() => parseThresholds('errors=1')).toThrow('expected a share such as 0.1%');
  expect(() => parseThresholds('ratio=12x')).toThrow('expected a number');
  expect(() => parseThresholds('ratio')).toThrow('expected name=limit');
});

function check(text: string, breached: string[]): void {
  expect(breachedThresholds(parseThresholds(text), MEASURED)).toEqual(breached);
}
