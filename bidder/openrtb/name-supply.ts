/** Names what was made of a supply path: which of three chains won, and what of it is not seen. */
import type { BidRequest } from '../auction/bid-request.ts';
import { chainSent } from './decode-supply-path.ts';
import { nameText } from './name-made.ts';
import { type JsonObject, list, object, present } from './read-values.ts';
import type { ToleranceNotes } from './tolerance-notes.ts';

export function nameSupply(
  read: JsonObject,
  request: BidRequest | null,
  notes: ToleranceNotes,
): void {
  const source = object(read['source']);
  const won = chainSent(read);
  const places: readonly [string, unknown][] = [
    ['source.schain', source['schain']],
    ['source.ext.schain', object(source['ext'])['schain']],
    ['ext.schain', object(read['ext'])['schain']],
  ];
  for (const [path, chain] of places) {
    if (!present(chain)) continue;
    if (chain !== won) notes.add(path, 'ignored, a newer place has it too and wins');
    else {
      if (path !== 'source.schain') notes.add(path, 'read from its place before 2.6');
      if (request !== null) nameNodes(path, chain, request, notes);
    }
  }
}

function nameNodes(path: string, chain: unknown, request: BidRequest, notes: ToleranceNotes): void {
  const sent = list(object(chain)['nodes'], Infinity);
  const nodes = request.supply.chain?.nodes ?? [];
  nodes.forEach(({ asi, sid }, i) => {
    const node = object(sent[i]);
    nameText(`${path}.nodes[${i}].asi`, node['asi'], asi, notes);
    nameText(`${path}.nodes[${i}].sid`, node['sid'], sid, notes);
  });
  if (nodes.length < sent.length)
    notes.add(`${path}.nodes`, `${sent.length} nodes, the first ${nodes.length} read`);
}
