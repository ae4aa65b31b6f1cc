import { readFileSync } from 'node:fs';

const { include: rooms } = JSON.parse(readFileSync('tsconfig.build.json', 'utf8'));
const tests = '(^test/|[.](test|contract)[.]ts$)';
const npm = '^node_modules/';

/** A room may import itself, plus what `allowed` names, plus node's own modules. */
function room(name, allowed, comment) {
  return {
    name: `${name}-stays-in-its-room`,
    comment,
    severity: 'error',
    from: { path: `^${name}/`, pathNot: tests },
    to: { pathNot: [`^${name}/`, ...allowed], dependencyTypesNot: ['core'] },
  };
}

/** A pure folder has no I/O: not even node's modules. */
function pure(name, path, allowed, comment) {
  return {
    name: `${name}-is-pure`,
    comment,
    severity: 'error',
    from: { path, pathNot: tests },
    to: { pathNot: [path, ...allowed] },
  };
}

function onlyImporter(name, path, target) {
  return {
    name: `one-importer-of-${name}`,
    comment: 'This dependency is wrapped once; import the wrapper.',
    severity: 'error',
    from: {
      path: `^(${rooms.join('|')})/`,
      pathNot: path,
    },
    to: { path: target },
  };
}

export default {
  forbidden: [
    room(
      'proto',
      ['^node_modules/(protobufjs|long)/'],
      'proto is the language the processes share: formats, ids, money.',
    ),
    room('platform', [npm], 'platform would be the same in any service: it knows no advertising.'),
    room(
      'settings',
      ['^(proto|platform|rules|creative)/', npm],
      'settings turns the workspace folder into checked objects.',
    ),
    room(
      'store',
      ['^(proto|platform)/', npm],
      'store keeps bytes and counts; what they mean is decided elsewhere.',
    ),
    room(
      'bidder',
      ['^(proto|platform|settings|rules|store|creative|privacy)/', npm],
      'The bidder meets tracker and segmenter in the store only.',
    ),
    room(
      'tracker',
      ['^(proto|platform|settings|rules|store|creative|privacy)/', npm],
      'The tracker meets bidder and segmenter in the store only.',
    ),
    room(
      'segmenter',
      ['^(proto|platform|settings|rules|store|creative)/', npm],
      'The segmenter meets bidder and tracker in the store only.',
    ),
    room(
      'console',
      ['^(proto|platform|settings|rules|store|segmenter)/', npm],
      'The console shows; what it needs of the bidder is handed in.',
    ),
    room(
      'loadtest',
      ['^(proto|platform)/', npm],
      'A load test meets the services over HTTP, like a stranger.',
    ),
    room(
      'certify',
      ['^(proto|platform)/', npm],
      'A bidder is judged by its answers, like a stranger: the judge shares no code with ours.',
    ),
    pure('rules', '^rules/', ['^proto/'], 'A rule is evaluated from facts it is given.'),
    pure(
      'creative',
      '^creative/',
      ['^proto/'],
      'creative turns items into markup. Pass in whatever else it needs.',
    ),
    pure(
      'auction',
      '^bidder/auction/',
      ['^(rules|creative|proto|settings)/'],
      'The auction decides from data it is given. Read before it, write after it.',
    ),
    pure(
      'privacy',
      '^privacy/',
      ['^proto/'],
      'A consent string is untrusted text and nothing else; what it permits is decided elsewhere.',
    ),
    pure(
      'supply',
      '^bidder/supply/',
      ['^bidder/auction/', '^settings/'],
      'Who may sell is told from files that somebody else has fetched.',
    ),
    pure(
      'models',
      '^segmenter/models/',
      [],
      'A model is arithmetic over histories it is given; who reads them is its caller.',
    ),
    {
      name: 'openrtb-knows-no-io',
      comment: 'openrtb translates; it does not fetch.',
      severity: 'error',
      from: { path: '^bidder/openrtb/', pathNot: tests },
      to: { pathNot: ['^bidder/(openrtb|auction)/', '^(creative|privacy|proto|settings)/'] },
    },
    {
      name: 'services-see-store-ports-only',
      comment:
        'service/ and cli/ choose the adapter with store/open-store.ts; everybody else takes a port.',
      severity: 'error',
      from: { path: '^(bidder|tracker|segmenter|console)/', pathNot: tests },
      to: { path: '^store/', pathNot: '^store/(ports|record-ports|open-store)[.]ts$' },
    },
    {
      name: 'nobody-imports-service-but-cli',
      comment: 'service/ wires the rooms together; nothing below may know it.',
      severity: 'error',
      from: { pathNot: ['^(service|cli)/', tests] },
      to: { path: '^(service|cli)/' },
    },
    onlyImporter(
      'uws',
      '^(platform/http/uws-server[.]ts|loadtest/echo-server[.]ts)$',
      '^node_modules/uWebSockets',
    ),
    onlyImporter('ioredis', '^(store/redis/|loadtest/bare-writes[.]ts$)', '^node_modules/ioredis'),
    onlyImporter('lmdb', '^(store/lmdb/|loadtest/bare-writes[.]ts$)', '^node_modules/lmdb'),
    onlyImporter(
      'duckdb',
      '^(segmenter/duck(-chunk|-engine|-table)?[.]ts|loadtest/)',
      '^node_modules/@duckdb',
    ),
    onlyImporter('prom-client', '^platform/', '^node_modules/prom-client'),
    onlyImporter('generated-proto', '^proto/', '^proto/generated/'),
    {
      name: 'test-support-in-tests-only',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'production-packages-only',
      comment: 'What runs is installed without devDependencies (Dockerfile).',
      severity: 'error',
      from: { pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    // TypeScript 7 has no compiler API, so without swc this tool reads no .ts file and passes.
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // Anchored: an unanchored dist/ would also hide npm packages, whose entry files live in dist.
    exclude: '^(dist|coverage)/',
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
