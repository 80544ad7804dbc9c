import type { NodeStatus, ResourceStatus } from '../../../lab/observation/cluster-status.ts';
import { readRecording, samplesOf } from '../../../lab/observation/read-frames.ts';
import type { MachineView, Sample } from '../../../lab/observation/sample.ts';
import { recordedDrill } from '../observation/recorded.ts';

/** The samples of the recorded drill. */
export const drillSamples = samplesOf(readRecording(recordedDrill.frames));

/** The recorded sample with that number. */
export function sampleOf(number: number): Sample {
  const sample = drillSamples.find((each) => each.number === number);
  if (!sample) throw new Error(`The recording has no sample ${number}.`);
  return sample;
}

/** Everything up and nothing to do: the last sample before the fault. */
export const steady = sampleOf(13);

/** The sample at another moment, milliseconds after the fault. */
export const at = (sample: Sample, sinceMs: number): Sample => ({
  ...sample,
  atMs: recordedDrill.injectedAtMs + sinceMs,
});

/** The sample with other resources, counted as crm_mon counts them. */
const withResources = (sample: Sample, resources: readonly ResourceStatus[]): Sample => ({
  ...sample,
  status: {
    ...sample.status,
    resources,
    resourcesConfigured: {
      total: resources.length,
      disabled: resources.filter(({ targetRole }) => targetRole === 'Stopped').length,
      blocked: resources.filter(({ blocked }) => blocked).length,
    },
    nodes: sample.status.nodes.map((node) => ({
      ...node,
      resourcesRunning: resources.filter(({ nodes }) => nodes.includes(node.name)).length,
    })),
  },
});

/** The sample with something else about one resource. */
export const withResource = (sample: Sample, id: string, change: Partial<ResourceStatus>): Sample =>
  withResources(
    sample,
    sample.status.resources.map((each) => (each.id === id ? { ...each, ...change } : each)),
  );

/** The sample with one more resource, like that one but for the changes. */
export const withAnother = (sample: Sample, like: string, change: Partial<ResourceStatus>): Sample =>
  withResources(
    sample,
    sample.status.resources.flatMap((each) => (each.id === like ? [each, { ...each, ...change }] : [each])),
  );

/** The sample with something else about one node. */
export const withNode = (sample: Sample, name: string, change: Partial<NodeStatus>): Sample => ({
  ...sample,
  status: {
    ...sample.status,
    nodes: sample.status.nodes.map((each) => (each.name === name ? { ...each, ...change } : each)),
  },
});

/** The sample with another failure record, of that resource. */
export const withFailure = (sample: Sample, resource: string, call: number): Sample => {
  const [like] = sample.status.failures;
  if (!like) throw new Error('The sample has no failure to make another one of.');
  const failure = { ...like, key: `${resource}_monitor_10000`, resource, call };
  return { ...sample, status: { ...sample.status, failures: [...sample.status.failures, failure] } };
};

/** The sample with something else, or nothing, on the machine under that name. */
export const withMachine = (sample: Sample, name: string, view: MachineView | null): Sample => {
  const machine = new Map(sample.machine);
  if (view) machine.set(name, view);
  else machine.delete(name);
  return { ...sample, machine };
};
