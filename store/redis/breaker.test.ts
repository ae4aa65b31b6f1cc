import { describe, expect, it } from 'vitest';
import { Breaker } from './breaker.ts';

describe('the breaker', () => {
  function check(answers: readonly boolean[], everyMs: number, open: boolean) {
    const breaker = new Breaker();
    answers.forEach((ok, i) => {
      breaker.answered(ok, i * everyMs);
    });
    expect(breaker.isOpen).toBe(open);
  }
  const failures = (count: number) => Array.from({ length: count }, () => false);
  const mixed = (ok: number, failed: number) => [
    ...Array.from({ length: ok }, () => true),
    ...failures(failed),
  ];

  it('opens when half of 20 answers within a second failed', () => check(mixed(10, 10), 6, true));
  it('stays closed below half', () => check(mixed(11, 10), 6, false));
  it('opens when 20 in a row failed, whatever the second has seen before', () => {
    check(mixed(200, 20), 3, true);
    check(mixed(200, 19), 3, false);
  });
  it('stays closed while some of many are answered', () =>
    check([...mixed(200, 15), ...mixed(1, 15), ...mixed(1, 15)], 4, false));
  it('stays closed below 20 answers', () => check(failures(19), 6, false));
  it('stays closed when everything failed in one moment', () => check(failures(50), 1, false));
  it('stays closed when the failures are spread over seconds', () =>
    check(failures(60), 60, false));

  it('counts anew once it has closed', () => {
    const breaker = new Breaker();
    for (let i = 0; i < 20; i++) breaker.answered(false, i * 6);
    expect(breaker.isOpen).toBe(true);
    breaker.close();
    breaker.answered(false, 20 * 6);
    expect(breaker.isOpen).toBe(false);
  });

  it('probes after 250 ms, then waits twice as long, at most 1.5 s', () => {
    const breaker = new Breaker();
    expect(breaker.trip()).toBe(true);
    expect(breaker.trip()).toBe(false);
    const waits = Array.from({ length: 5 }, () => breaker.nextProbeMs());
    expect(waits).toEqual([250, 500, 1_000, 1_500, 1_500]);
    breaker.close();
    expect(breaker.isOpen).toBe(false);
    breaker.trip();
    expect(breaker.nextProbeMs()).toBe(250);
  });
});
