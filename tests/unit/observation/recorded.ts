import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The five releases of which there are samples, oldest first, with what differs between them. */
export const releases = [
  { suite: 'bullseye', pacemaker: '2.0.5', apiVersion: '2.3', saysMaintenance: false },
  { suite: 'bookworm', pacemaker: '2.1.5', apiVersion: '2.25', saysMaintenance: false },
  { suite: 'trixie', pacemaker: '3.0.0', apiVersion: '2.38', saysMaintenance: true },
  { suite: 'forky', pacemaker: '3.0.1', apiVersion: '2.38', saysMaintenance: true },
  { suite: 'sid', pacemaker: '3.0.3', apiVersion: '2.42', saysMaintenance: true },
] as const;

export type SampleName = 'group-maint-offline' | 'guest-probe-notinstalled';

const recorded = (name: string): Buffer => readFileSync(new URL(`../../recorded/${name}`, import.meta.url));

/** What crm_mon of that release printed. */
export const recordedXml = (suite: string, sample: SampleName): string => recorded(`${suite}-${sample}.xml`).toString();

/** A drill as sampler.sh streamed it: pacemaker_remoted of the guest was killed at the given moment of the host's clock. */
export const recordedDrill = {
  frames: gunzipSync(recorded('guest-failure-lxc2-pacemaker-3.0.0.frames.gz')),
  guest: { name: 'lxc2', resource: 'container2' },
  host: 'example-host',
  injectedAtMs: 1795299369262.984,
} as const;

/** A result of crm_mon with the given parts in it, on top of what every result has. */
export const result = (parts: string, options: { readonly api?: string; readonly status?: string } = {}): string =>
  `<pacemaker-result api-version="${options.api ?? '2.38'}" request="crm_mon -1 --output-as=xml">
  <summary>
    <current_dc present="true" version="3.0.0" name="h1" id="1" with_quorum="true"/>
    <nodes_configured number="0"/>
    <resources_configured number="0" disabled="0" blocked="0"/>
    <cluster_options stonith-enabled="true" symmetric-cluster="true" no-quorum-policy="stop" maintenance-mode="false"/>
  </summary>
  ${parts}
  ${options.status ?? '<status code="0" message="OK"/>'}
</pacemaker-result>
`;

/** A <resource> with the given attributes in place of the usual ones, and what is inside it. */
export function resource(
  attributes: Readonly<Record<string, string | undefined>>,
  ...nodes: readonly string[]
): string {
  const all: Readonly<Record<string, string | undefined>> = {
    id: 'r',
    resource_agent: 'ocf:pacemaker:Dummy',
    role: 'Started',
    active: 'true',
    orphaned: 'false',
    blocked: 'false',
    managed: 'true',
    failed: 'false',
    nodes_running_on: String(nodes.length),
    ...attributes,
  };
  const text = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${value}"`]));
  return `<resource ${text.join(' ')}>${nodes.map((node) => `<node name="${node}" id="1" cached="true"/>`).join('')}</resource>`;
}
