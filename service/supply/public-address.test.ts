import { expect, it } from 'vitest';
import { isPublicAddress } from './public-address.ts';
import { rootDomain } from './root-domain.ts';

it.each(['8.8.8.8', '100.63.255.255', '172.32.0.1', '2a00:1450:4001::1', '2606:4700::1111'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

it.each([
  ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
  ...['100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1'],
  ...['::1', '::', 'fe80::1', 'fc00::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8'],
  ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', '2001::1', '', 'localhost', '127.1'],
])('%j is not public', (address) => expect(isPublicAddress(address)).toBe(false));

it.each([
  ['news.example', 'news.example'],
  ['www.a.news.example', 'news.example'],
  ['www.news.co.uk', 'news.co.uk'],
  ['news.com.au', 'news.com.au'],
  ['co.uk', 'co.uk'],
  ['www.t.co', 't.co'],
  ['example', 'example'],
])('the registered domain of %s is %s', (host, root) => expect(rootDomain(host)).toBe(root));
