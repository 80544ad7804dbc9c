import { guestReleaseUnderTest, isWithin, releaseUnderTest } from '../fixtures/by-release.ts';
import type { GuestPlan } from '../fixtures/guests.ts';
import { test } from '../fixtures/test.ts';
import type { Hands } from './claims/common.ts';

/** A promise that releases are known to break. */
interface KnownFinding {
  /** Whose release it is that matters, where host and guests are of different ones. */
  readonly of: 'the host' | 'the guests';
  /** The first release that breaks it, of those that were looked at, and the first one after it that does not; null where none is known. */
  readonly from: string;
  readonly until: string | null;
  /** What they do, and the number of the finding. */
  readonly description: string;
}

/**
 * pacemaker_remoted does not wait for the cluster's all-clear when it leaves. Since 2.1.5 (commit d61494347f), mended in 2.1.6
 * (d8e08729ad).
 */
export const leavesWithoutAllClear: KnownFinding = {
  of: 'the guests',
  from: '2.1.5',
  until: '2.1.6',
  description: 'pacemaker_remoted leaves at once, which is a lost connection: docs/findings.md, 25',
};

/**
 * A connection that breaks during its TLS handshake is taken for one with a wrong key, which is not tried again. Since 2.1.3 (commit
 * 3dc1cbf38c), mended in 3.0.0 (56a1f763ff).
 */
export const blamesTheKey: KnownFinding = {
  of: 'the host',
  from: '2.1.3',
  until: '3.0.0',
  description: 'a handshake that breaks off counts as a wrong key, and the guest is given up: docs/findings.md, 26',
};

/** What runs in a guest whose domain's file is gone is started elsewhere, while the domain runs on. */
export const runsTwice: KnownFinding = {
  of: 'the host',
  from: '2.0.5',
  until: null,
  description: 'what runs in the guest is started elsewhere too: docs/findings.md, 8',
};

/** A configuration that replaces the one with maintenance mode in it leaves connections without their monitors. */
export const monitorLost: KnownFinding = {
  of: 'the host',
  from: '2.0.5',
  until: null,
  description: 'its connection is not monitored again, and its loss is not noticed: docs/findings.md, 24',
};

interface Details {
  readonly tag: string[];
  readonly annotation?: { readonly type: string; readonly description: string };
}

type Declare = (
  title: string,
  details: Details,
  body: (fixtures: Hands & { readonly guest: GuestPlan }) => Promise<void>,
) => void;

const isKnownHere = ({ of, ...range }: KnownFinding): boolean =>
  isWithin(range, of === 'the host' ? releaseUnderTest : guestReleaseUnderTest);

/**
 * Playwright's test, for drills of a promise that releases are known to break. On these the drill is marked to fail, and
 * turns the run red once it passes. To be given the details of {@link detailsOf}.
 */
export const testOf = (finding: KnownFinding): Declare => (isKnownHere(finding) ? test.fail : test);

/** The details of such a drill: by them its failure is told as the finding that it is. */
export const detailsOf = (finding: KnownFinding, details: Details): Details =>
  isKnownHere(finding)
    ? { ...details, annotation: { type: 'known finding', description: finding.description } }
    : details;
