import { describeBodyStream } from './body-stream.contract.ts';
import { describeDrain } from './drain.contract.ts';
import { describeHttpBackend } from './http.contract.ts';
import { describeLimits } from './limits.contract.ts';
import { uwsBackend } from './uws-server.ts';

describeHttpBackend(uwsBackend, {
  http10: /^HTTP\/1.1 505 /,
  manyHeaders: /^HTTP\/1.1 431 /,
  conflictOnNamedRoute: /^200/,
  latePipelined: 'none',
});

describeDrain(uwsBackend);
describeLimits(uwsBackend);
describeBodyStream(uwsBackend);
