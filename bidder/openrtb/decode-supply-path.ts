/** The supply path of a request: schain in its three places, publisher, site, store and partner. */
import {
  SUPPLY_NODES_MAX,
  type SupplyChain,
  type SupplyNode,
  type SupplyPath,
} from '../auction/supply-path.ts';
import { finite, isObject, type JsonObject, object, present, text } from './read-values.ts';

const DOMAIN_LENGTH_MAX = 253;
const ADDRESS_LENGTH_MAX = 2048;
const PUBLISHER_LENGTH_MAX = 256;
/** The standard's bound of an account in a node. */
const SID_LENGTH_MAX = 64;
const NO_NODES: readonly SupplyNode[] = Object.freeze([]);
/** What was sent where a chain belongs and is none. */
const UNREADABLE: SupplyChain = Object.freeze({
  complete: false,
  version: '',
  nodeCount: 0,
  nodes: NO_NODES,
});

/** `siteDomain` is site.domain, lower case. */
export function decodeSupplyPath(wire: JsonObject, siteDomain: string): SupplyPath {
  const app = object(wire['app']);
  const inApp = isObject(wire['app']);
  const seller = inApp ? app : object(wire['site']);
  return {
    site: inApp || siteDomain !== '' ? siteDomain : addressHost(seller['page']),
    store: inApp ? addressHost(app['storeurl']) : '',
    publisher: text(object(seller['publisher'])['id'], PUBLISHER_LENGTH_MAX),
    partner: partnerOf(seller),
    chain: decodeChain(chainSent(wire)),
  };
}

/** 2.6 has it in source, 2.5 in source.ext, 2.4 and before in ext. The newest place wins. */
export function chainSent(wire: JsonObject): unknown {
  const source = object(wire['source']);
  if (present(source['schain'])) return source['schain'];
  const older = object(source['ext'])['schain'];
  return present(older) ? older : object(wire['ext'])['schain'];
}

function partnerOf(seller: JsonObject): string {
  const newer = seller['inventorypartnerdomain'];
  const value = present(newer) ? newer : object(seller['ext'])['inventorypartnerdomain'];
  return text(value, DOMAIN_LENGTH_MAX).toLowerCase();
}

function decodeChain(sent: unknown): SupplyChain | null {
  if (!present(sent)) return null;
  const chain = object(sent);
  const nodes = chain['nodes'];
  if (!Array.isArray(nodes)) return UNREADABLE;
  return {
    complete: finite(chain['complete']) === 1,
    version: text(chain['ver'], 16),
    nodeCount: Math.min(nodes.length, SUPPLY_NODES_MAX + 1),
    nodes: nodes.length === 0 ? NO_NODES : nodes.slice(0, SUPPLY_NODES_MAX).map(decodeNode),
  };
}

function decodeNode(sent: unknown): SupplyNode {
  const node = object(sent);
  return {
    asi: text(node['asi'], DOMAIN_LENGTH_MAX).toLowerCase(),
    sid: text(node['sid'], SID_LENGTH_MAX),
    paid: !present(node['hp']) || finite(node['hp']) === 1,
  };
}

const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:)?\/\/(?:[^/?#@]*@)?([^/?#:]+?)\.?(?::\d*)?(?:[/?#]|$)/i;

/** Lower case; '' for what is no address with a host. */
function addressHost(address: unknown): string {
  const sent = text(address, ADDRESS_LENGTH_MAX);
  return sent === '' ? '' : (ADDRESS.exec(sent)?.[1]?.toLowerCase() ?? '');
}
