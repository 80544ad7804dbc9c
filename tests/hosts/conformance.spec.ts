import { hostKindName } from '../../lab/host/host-kind.ts';
import { testHostsOf } from '../lab/host-conformance.ts';

for (const kindName of hostKindName.options) testHostsOf(kindName);
