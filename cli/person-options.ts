/** The options that say which person a command is about. */
import type { Command } from 'commander';
import { Failure } from '../platform/failure.ts';
import type { PersonQuery } from '../segmenter/forget/forget-request.ts';

export interface PersonOptions {
  readonly customer?: readonly string[];
  readonly email?: readonly string[];
  readonly phone?: readonly string[];
  readonly cookie?: readonly string[];
  readonly ifa?: readonly string[];
}

export function withPerson(command: Command): Command {
  const add = (value: string, values: readonly string[] = []) => [...values, value.trim()];
  return command
    .option('--customer <id>', 'a customer id of the CRM; each of these may be given again', add)
    .option('--email <e-mail>', 'an e-mail as the CRM has it', add)
    .option('--phone <phone>', 'a phone in any spelling', add)
    .option('--cookie <id>', 'a cookie of the devices file', add)
    .option('--ifa <id>', 'an advertising id of a phone', add);
}

/** Throws Failure when nobody is named. */
export function personQuery(options: PersonOptions): PersonQuery {
  const {
    customer: customers = [],
    email: emails = [],
    phone: phones = [],
    cookie = [],
    ifa = [],
  } = options;
  const devices = [
    ...cookie.map((value) => ({ space: 'cookie', value })),
    ...ifa.map((value) => ({ space: 'ifa', value })),
  ];
  const given = [...customers, ...emails, ...phones, ...cookie, ...ifa];
  if (given.length === 0 || given.includes('')) {
    throw new Failure(
      'usage',
      'say who: --customer ID, --email E-MAIL, --phone PHONE, --cookie ID or --ifa ID',
    );
  }
  return { customers, emails, phones, devices };
}
