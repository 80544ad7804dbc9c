import type { Settings } from '../settings.ts';
import { bareMetal } from './bare-metal/bare-metal.ts';
import { container } from './container/container.ts';
import type { HostKind, HostKindName } from './host-kind.ts';
import { vm } from './vm/vm.ts';

/** Where hosts come from, by the name of their kind. */
export const hostKinds: Readonly<Record<HostKindName, HostKind>> = {
  container,
  vm,
  'bare-metal': bareMetal,
};

/** The kind of host that a value of LAB_HOST asks for. */
export const hostKindNameOf = (settings: Settings): HostKindName =>
  settings.host === 'container' || settings.host === 'vm' ? settings.host : 'bare-metal';
