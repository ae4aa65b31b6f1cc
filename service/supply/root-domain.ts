/** Second-level names under which countries register domains, as in news.co.uk. */
const REGISTRIES = new Set(
  'ac co com ed edu go gob gouv gov gv lg ltd me mil ne net nom nic or org plc sch'.split(' '),
);

/**
 * The registered domain above a host, where its ads.txt is: one label more than the public suffix.
 * Told by a rule and not by the Public Suffix List: a suffix of one label, and of two where a country
 * has the usual names below its own. Of a suffix that the rule does not know, as blogspot.com, it is
 * the suffix itself; who needs the site's own file lists it in domains.txt.
 */
export function rootDomain(host: string): string {
  const labels = host.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  const suffix = top.length === 2 && REGISTRIES.has(second) ? 2 : 1;
  return labels.slice(-suffix - 1).join('.');
}
