import { testHostsOf } from '../lab/host-conformance.ts';

// A machine that is there has to be there first: npm run test:bare-metal.
for (const kindName of ['container', 'vm'] as const) testHostsOf(kindName);
