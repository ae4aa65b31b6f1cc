import { expect, it } from 'vitest';
import { EXIT_CODES, Failure } from './failure.ts';

it('carries the exit code of its reason, its message and its cause', () => {
  const cause = new Error('ECONNREFUSED');
  const failure = new Failure('dependency-unreachable', 'Redis does not answer', { cause });
  expect(failure).toMatchObject({ exitCode: 4, message: 'Redis does not answer', cause });
});

it('keeps the codes that scripts rely on', () => {
  expect(EXIT_CODES).toEqual({
    ok: 0,
    'failed-check': 1,
    usage: 2,
    'invalid-config': 3,
    'dependency-unreachable': 4,
    'threshold-breached': 5,
    interrupted: 130,
  });
});
