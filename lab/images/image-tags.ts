import type Docker from 'dockerode';
import type { Release } from '../releases.ts';

/** Label of everything of this suite that lives on an engine. */
export const suiteLabel = 'pacemaker-guest-drills';

/** What an image of this suite is. */
export type ImageKind = 'base' | 'packages' | 'host' | 'guest' | 'kvm-guest' | 'host-vm';

/** What images are called after that are of a release. */
export const labelOf = ({ version, packages }: Release): string =>
  packages === null ? version : `${packages.kind}-${version}`;

/** Full name of an image of this suite: what it is, for which release, made from which content. */
export const imageTag = (kind: ImageKind, release: string, hash: string): string =>
  `${suiteLabel}/${kind}:${release}-${hash}`;

/** Says whether the engine has an image. */
export const hasImage = async (docker: Docker, tag: string): Promise<boolean> => {
  try {
    await docker.getImage(tag).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
};

/** HTTP status that an engine answered with, where an error is one of its answers. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
