import { describeBodyStream } from './body-stream.contract.ts';
import { describeDrain } from './drain.contract.ts';
import { describeHttpBackend } from './http.contract.ts';
import { describeLimits } from './limits.contract.ts';
import { nodeBackend } from './node-server.ts';

describeHttpBackend(nodeBackend, {
  http10: /^HTTP\/1.1 200 /,
  manyHeaders: /^HTTP\/1.1 200 /,
  conflictOnNamedRoute: /^400$/,
  latePipelined: 'both',
});

describeDrain(nodeBackend);
describeLimits(nodeBackend);
describeBodyStream(nodeBackend);
