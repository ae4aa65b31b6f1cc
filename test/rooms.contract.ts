/** The top-level folders that hold code: what the walls are between (ARCHITECTURE.md, code map). */
export const ROOMS: string[] = [
  'proto',
  'platform',
  'settings',
  'rules',
  'store',
  'creative',
  'bidder',
  'tracker',
  'segmenter',
  'console',
  'loadtest',
  'cli',
  'service',
];
