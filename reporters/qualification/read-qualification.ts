import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../lab/errors.ts';
import type { NamedResult } from './judge.ts';
import { qualificationDocument, type Qualification, type TestedRelease } from './qualification.ts';

/** Reads a saved qualification. Throws a UsageError that says what is wrong with the file. */
export function readQualification(file: string): Qualification {
  const next = 'name the qualification.json of a qualification that this version of the suite can read.';
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${file} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
      next,
    });
  }
  const parsed = qualificationDocument.safeParse(json);
  if (parsed.success) return parsed.data;
  const [first = ''] = z.prettifyError(parsed.error).split('\n');
  throw new UsageError(`${file} is no qualification: ${first}`, { next });
}

/** A release of a qualification and its results, under the name that it goes by. */
export interface Tested {
  readonly release: TestedRelease;
  readonly results: readonly NamedResult[];
}

/**
 * Takes a release out of the qualification that `file` holds. Links to evidence are made relative to the folder `to`. Throws a
 * UsageError if it is not in there.
 */
export function testedIn(
  qualification: Qualification,
  file: string,
  release: string,
  { to, name = release }: { readonly to: string; readonly name?: string },
): Tested {
  const found = qualification.releases.find((each) => each.name === release);
  if (!found)
    throw new UsageError(`${file} has no release "${release}".`, {
      next: `choose one of: ${qualification.releases.map((each) => each.name).join(', ')}.`,
    });
  const moved = (link: string | null): string | null =>
    link === null ? null : path.posix.join(path.relative(to, path.dirname(file)), link);
  return {
    release: { ...found, name, rounds: found.rounds.map((round) => ({ ...round, folder: moved(round.folder) })) },
    results: qualification.drills.flatMap(({ id, title, tags, results }) =>
      results
        .filter((result) => result.release === release)
        .map((result) => ({
          id,
          title,
          tags,
          result: { ...result, release: name, picture: moved(result.picture), evidence: moved(result.evidence) },
        })),
    ),
  };
}
