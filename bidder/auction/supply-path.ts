/**
 * From whose hands the imps of a request come, as the request says it: bounded texts, domains in
 * lower case, and nothing verified. What it is worth is told in bidder/supply/.
 */
export interface SupplyPath {
  /** Host of the site, '' for an app and for a site that names neither domain nor page. */
  readonly site: string;
  /** Host of the app's page in its store, '' when it names none. */
  readonly store: string;
  /** Account of whoever sells to the exchange; '' when it is not told. */
  readonly publisher: string;
  /** With whom the inventory is shared, '' for nobody. */
  readonly partner: string;
  /** Null when none was sent. */
  readonly chain: SupplyChain | null;
}

/** Of a request whose exchange is not asked for it: nobody is known to sell. */
export const UNREAD_PATH: SupplyPath = Object.freeze({
  site: '',
  store: '',
  publisher: '',
  partner: '',
  chain: null,
});

export interface SupplyChain {
  /** It goes back to the owner of the site or app. */
  readonly complete: boolean;
  readonly version: string;
  /** As sent, but no more than one over SUPPLY_NODES_MAX; `nodes` are the first SUPPLY_NODES_MAX of them. */
  readonly nodeCount: number;
  /** From the owner's seller to the exchange. */
  readonly nodes: readonly SupplyNode[];
}

/** Nodes of a chain that are read: a longer one is longer than any exchange may allow. */
export const SUPPLY_NODES_MAX = 32;

export interface SupplyNode {
  /** The advertising system, '' when it is no text or too long. */
  readonly asi: string;
  /** The account there, '' when it is absent or longer than 64 characters. */
  readonly sid: string;
  /** It takes part in the flow of money, as every node of version 1.0 does (`hp`). */
  readonly paid: boolean;
}
