/**
 * Whether a request may be bought by what its supply path says and by what is known of it: schain
 * 1.0, ads.txt and app-ads.txt 1.1, sellers.json 1.0. An exchange chooses which of them bind.
 */

import type { SupplyRules } from '../../settings/exchange.ts';
import type { BidRequest } from '../auction/bid-request.ts';
import type { NoBidReason } from '../auction/no-bid-reason.ts';
import type { SupplyChain, SupplyNode } from '../auction/supply-path.ts';
import { isBareDomain } from './domain-name.ts';
import { RELATIONSHIP } from './parse-ads-txt.ts';
import { SELLER } from './parse-sellers-json.ts';
import {
  namesPartner,
  ownersFile,
  partnersFile,
  relationshipOf,
  type SupplyIndex,
  SupplyIndexBuilder,
  sellersFile,
  sellerType,
} from './supply-index.ts';
import type { WantedDomains } from './wanted-domains.ts';

type Offer = Pick<BidRequest, 'supply' | 'appBundle'>;

/** An exchange's rules, ready to be asked. */
export interface SupplyCheck {
  readonly rules: SupplyRules;
  /** By advertising system: the blocked accounts, null for every account there. */
  readonly blocked: ReadonlyMap<string, ReadonlySet<string> | null>;
  readonly index: SupplyIndex;
  /** Told of sites without a file. */
  readonly wanted: WantedDomains;
}

/** Nothing is known: before any file was fetched. */
export const NO_SUPPLY_INDEX: SupplyIndex = new SupplyIndexBuilder(0, null).index();

/** Made when exchanges are loaded. */
export function supplyCheck(
  rules: SupplyRules,
  index: SupplyIndex,
  wanted: WantedDomains,
): SupplyCheck {
  const blocked = new Map<string, Set<string> | null>();
  for (const node of rules.blocked) {
    const [system = '', account] = node.split(/\/(.*)/s, 2);
    const accounts = blocked.get(system);
    if (account === undefined) blocked.set(system, null);
    else if (accounts === undefined) blocked.set(system, new Set([account]));
    else accounts?.add(account);
  }
  return { rules, blocked, index, wanted };
}

/** Null when it may be bought. */
export function supplyRefusal(check: SupplyCheck, offer: Offer): NoBidReason | null {
  const { chain } = offer.supply;
  const { rules } = check;
  if (chain === null) {
    if (rules.schain === 'require') return 'schain-incomplete';
  } else {
    const refusal = chainRefusal(check, chain, offer.supply.publisher);
    if (refusal !== null) return refusal;
  }
  // A chain that is not asked for is not believed either.
  const nodes = rules.schain === 'ignore' || chain === null ? null : chain.nodes;
  return adsTxtRefusal(check, offer, nodes) ?? sellersRefusal(check, offer, nodes);
}

function chainRefusal(
  { rules, blocked }: SupplyCheck,
  chain: SupplyChain,
  publisher: string,
): NoBidReason | null {
  const { nodes, nodeCount } = chain;
  if (blocked.size > 0) {
    for (let i = 0; i < nodes.length; i++) {
      if (isBlocked(blocked, nodes[i]!)) return 'schain-blocked';
    }
    // Every entry of the list binds, also for nodes that were not read.
    if (nodes.length < nodeCount) return 'schain-incomplete';
  }
  if (rules.schain === 'ignore') return null;
  return isWhole(chain, rules.nodesMax) && endsAt(nodes, rules.domain, publisher)
    ? null
    : 'schain-incomplete';
}

function isBlocked(blocked: SupplyCheck['blocked'], { asi, sid }: SupplyNode): boolean {
  const accounts = blocked.get(asi);
  return accounts === null || accounts?.has(sid) === true;
}

function isWhole({ complete, version, nodes, nodeCount }: SupplyChain, nodesMax: number): boolean {
  // Any 1.x can be read as 1.0; JSON's numbers have lost the rest of it.
  if (!complete || !(version === '1' || version.startsWith('1.'))) return false;
  if (nodes.length === 0 || nodeCount > nodesMax) return false;
  for (let i = 0; i < nodes.length; i++) {
    const { asi, sid, paid } = nodes[i]!;
    if (!paid || sid === '' || !isBareDomain(asi) || standsBefore(nodes, i)) return false;
  }
  return true;
}

/** The money came by here already: a loop. */
function standsBefore(nodes: readonly SupplyNode[], at: number): boolean {
  const { asi, sid } = nodes[at]!;
  for (let i = 0; i < at; i++) {
    if (nodes[i]!.sid === sid && nodes[i]!.asi === asi) return true;
  }
  return false;
}

/** The last node is the one who asks us: the exchange, with the account of its publisher. */
function endsAt(nodes: readonly SupplyNode[], domain: string, publisher: string): boolean {
  const { asi, sid } = nodes[nodes.length - 1]!;
  return asi === domain && (publisher === '' || sid === publisher);
}

function adsTxtRefusal(
  { rules, index, wanted }: SupplyCheck,
  offer: Offer,
  nodes: readonly SupplyNode[] | null,
): NoBidReason | null {
  if (rules.adsTxt === 'ignore') return null;
  const { supply } = offer;
  const file = ownersFile(index, supply, offer.appBundle);
  const unknown = rules.adsTxt === 'require' ? 'ads-txt-unavailable' : null;
  if (file === 0) {
    wanted.add(supply.site);
    return unknown;
  }
  const seller = { system: rules.domain, account: supply.publisher };
  if (authorises(index, file, seller, nodes)) return null;
  const { partner } = supply;
  if (partner === '' || !namesPartner(index, file, partner)) return 'ads-txt-violation';
  const shared = partnersFile(index, partner, supply.site === '');
  if (shared === 0) return unknown;
  return authorises(index, shared, seller, nodes) ? null : 'ads-txt-violation';
}

/** The first node sells for the owner, those behind it sell on; without a chain the seller may do either. */
function authorises(
  index: SupplyIndex,
  file: number,
  { system, account }: { readonly system: string; readonly account: string },
  nodes: readonly SupplyNode[] | null,
): boolean {
  if (nodes === null) return relationshipOf(index, file, system, account) !== 0;
  for (let i = 0; i < nodes.length; i++) {
    const { asi, sid } = nodes[i]!;
    const needed = i === 0 ? RELATIONSHIP.DIRECT : RELATIONSHIP.RESELLER;
    if ((relationshipOf(index, file, asi, sid) & needed) === 0) return false;
  }
  return true;
}

function sellersRefusal(
  { rules, index }: SupplyCheck,
  { supply }: Offer,
  nodes: readonly SupplyNode[] | null,
): NoBidReason | null {
  const { sellersJson, domain } = rules;
  if (sellersJson === 'ignore') return null;
  const unknown = sellersJson === 'require' ? 'sellers-json-unavailable' : null;
  if (nodes === null) {
    const file = sellersFile(index, domain);
    if (file === 0) return unknown;
    return sellerType(index, file, supply.publisher) === 0 ? 'seller-not-listed' : null;
  }
  for (let i = 0; i < nodes.length; i++) {
    const file = sellersFile(index, nodes[i]!.asi);
    const refusal = file === 0 ? unknown : nodeRefusal(index, file, nodes[i]!.sid, i === 0);
    if (refusal !== null) return refusal;
  }
  return null;
}

function nodeRefusal(
  index: SupplyIndex,
  file: number,
  sid: string,
  isFirst: boolean,
): NoBidReason | null {
  const type = sellerType(index, file, sid);
  if (type === 0) return 'seller-not-listed';
  // Whoever only passes inventory on has it from somebody whom the chain leaves out.
  return isFirst && type === SELLER.INTERMEDIARY ? 'schain-incomplete' : null;
}
