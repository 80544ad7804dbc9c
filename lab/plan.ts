import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from './errors.ts';

const nodeName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9-]{0,31}$/, 'letters, digits and hyphens, beginning with a letter');
const resourceId = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/, 'letters, digits, _ and -, beginning with a letter');
/** Both stand in libvirt's XML as they are. */
const networkName = z.string().regex(/^[a-zA-Z][\w.-]*$/, 'letters, digits, _, . and -, beginning with a letter');
const ipv4 = z.ipv4();

const guestFields = {
  name: nodeName.describe('Name of the guest node, of its libvirt domain and of its connection.'),
  resource: resourceId.describe('Id of the VirtualDomain resource that runs it.'),
  address: ipv4.describe("Static address on libvirt's network."),
  vcpus: z.int().min(1).default(1),
};

const guestPlan = z.discriminatedUnion('kind', [
  z.strictObject({ ...guestFields, kind: z.literal('lxc'), memoryMiB: z.int().min(64).default(192) }),
  z.strictObject({ ...guestFields, kind: z.literal('kvm'), memoryMiB: z.int().min(192).default(256) }),
]);

/** The first three numbers of the addresses on libvirt's network, which is a /24: `192.168.122`. */
export const networkPrefix = (network: { readonly address: string }): string =>
  network.address.split('.').slice(0, 3).join('.');

const planSchema = z
  .strictObject({
    name: z.string().min(1),
    clusterName: nodeName.default('mycluster'),
    hosts: z.array(z.strictObject({ name: nodeName, address: ipv4 })).min(1),
    network: z.strictObject({
      name: networkName.default('default'),
      bridge: networkName.max(15).default('virbr0'),
      address: ipv4.default('192.168.122.1').describe("The host's address on it; the network is its /24."),
    }),
    guests: z.array(guestPlan).min(1),
    resources: z.array(z.strictObject({ id: resourceId, agent: z.string().regex(/^ocf:[a-z0-9_-]+:[\w-]+$/i) })),
    properties: z.record(z.string(), z.string()).describe('Cluster properties, set with pcs.'),
  })
  .superRefine((plan, context) => {
    const complain = (message: string): void => {
      context.addIssue({ code: 'custom', message });
    };
    const network = networkPrefix(plan.network);
    for (const guest of plan.guests) {
      if (!guest.address.startsWith(`${network}.`))
        complain(`guest ${guest.name}: ${guest.address} is not in ${network}.0/24`);
      const last = Number(guest.address.split('.')[3]);
      if (last === 0 || last > 199)
        complain(`guest ${guest.name}: ${guest.address} has to end in 1 to 199; libvirt gives out the rest`);
    }
    const ids = [
      ...plan.hosts.map((host) => host.name),
      ...plan.guests.flatMap((guest) => [guest.name, guest.resource]),
      ...plan.resources.map((resource) => resource.id),
    ];
    for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) complain(`the name ${id} is used twice`);
    const addresses = [plan.network.address, ...plan.guests.map((guest) => guest.address)];
    for (const address of new Set(addresses.filter((address, at) => addresses.indexOf(address) !== at)))
      complain(`the address ${address} is used twice`);
  });

/** What a lab is built from and what it promises: hosts, guests, resources and the cluster's properties. */
export type Plan = DeepReadonly<z.infer<typeof planSchema>>;
export type GuestPlan = Plan['guests'][number];
export type HostPlan = Plan['hosts'][number];
export type ResourcePlan = Plan['resources'][number];

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** The kinds of guests of a plan. */
export const kindsOf = (plan: Plan): ReadonlySet<GuestPlan['kind']> => new Set(plan.guests.map(({ kind }) => kind));

const dummies = (count: number): { id: string; agent: string }[] =>
  Array.from({ length: count }, (_, at) => ({ id: `FAKE${at + 1}`, agent: 'ocf:pacemaker:Dummy' }));
const lxcGuests = (count: number): z.input<typeof guestPlan>[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `lxc${at + 1}`,
    kind: 'lxc',
    resource: `container${at + 1}`,
    address: `192.168.122.${at + 11}`,
  }));

/** The guest of the KVM walk-through. */
const kvmGuest: z.input<typeof guestPlan> = {
  name: 'guest1',
  kind: 'kvm',
  resource: 'vm-guest1',
  address: '192.168.122.10',
};

const onOneHost = (
  name: string,
  guests: z.input<typeof guestPlan>[],
  dummyCount: number,
): z.input<typeof planSchema> => ({
  name,
  hosts: [{ name: 'example-host', address: '127.0.0.1' }],
  network: {},
  guests,
  resources: dummies(dummyCount),
  properties: { 'stonith-enabled': 'false', 'no-quorum-policy': 'ignore' },
});

const builtIn: Readonly<Record<string, z.input<typeof planSchema>>> = Object.fromEntries(
  [
    onOneHost('default', [...lxcGuests(3), kvmGuest], 5),
    onOneHost('lxc', lxcGuests(3), 5),
    onOneHost('kvm', [kvmGuest], 5),
    onOneHost('single', lxcGuests(1), 2),
  ].map((plan) => [plan.name, plan]),
);

/**
 * Takes a plan as it stands in a file or a program and returns it checked and completed.
 * Throws a {@link UsageError} that lists everything that is wrong with it.
 */
export const parsePlan = (input: unknown, source: string): Plan => {
  const parsed = planSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'plan'}: ${issue.message}`);
  throw new UsageError(`The plan ${source} can't be used:\n${problems.join('\n')}`, {
    next: 'mend the plan; docs/lab.md describes its fields.',
  });
};

/** Whether that is the name of a built-in plan. */
export const isBuiltInPlan = (name: string): boolean => Object.hasOwn(builtIn, name);

/**
 * Takes the name of a built-in plan or the path of a JSON file (whatever holds a "/" or ends in ".json") and returns
 * the plan. Throws a {@link UsageError} for an unknown name, an unreadable file or a plan that can't be used.
 */
export const loadPlan = async (nameOrPath: string): Promise<Plan> => {
  if (!nameOrPath.includes('/') && !nameOrPath.endsWith('.json')) {
    const known = Object.hasOwn(builtIn, nameOrPath) ? builtIn[nameOrPath] : undefined;
    if (known) return parsePlan(known, nameOrPath);
    throw new UsageError(`There is no plan named "${nameOrPath}".`, {
      next: `set LAB_PLAN to one of: ${Object.keys(builtIn).join(', ')}; or to the path of a JSON file.`,
    });
  }
  try {
    return parsePlan(JSON.parse(await readFile(nameOrPath, 'utf8')), nameOrPath);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The plan ${nameOrPath} can't be read.`, {
      cause: error,
      next: 'check that the file exists and holds JSON.',
    });
  }
};
