import { testHostsOf } from './host-conformance.ts';

// The other kinds: npm run test:hosts.
testHostsOf('container');
