import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';

/** A file that goes into a build. */
export interface ContextFile {
  /** Path below the context's folder, with slashes. */
  readonly name: string;
  readonly mode: 0o644 | 0o755;
  readonly content: Buffer;
}

/** Reads a folder with a Dockerfile as a build's context, in the order of names. */
export const readContext = async (folder: string): Promise<readonly ContextFile[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<ContextFile> => {
        const path = join(entry.parentPath, entry.name);
        // Other bits depend on the umask of whoever checked the files out.
        const mode = ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755;
        return { name: relative(folder, path).split(sep).join('/'), mode, content: await readFile(path) };
      }),
  );
  return files.sort((one, other) => (one.name < other.name ? -1 : 1));
};

/** Names a content: twelve hexadecimal digits that change when anything of it changes. */
export const contentHash = (files: readonly ContextFile[], rest: unknown): string => {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(rest));
  for (const file of files) {
    hash.update(`\0${file.name}\0${file.mode}\0${file.content.length}\0`);
    hash.update(file.content);
  }
  return hash.digest('hex').slice(0, 12);
};

/** Packs a context as the tar that the engine takes; the same files give the same bytes. */
export const packContext = (files: readonly ContextFile[]): Readable => {
  const tar = pack();
  for (const file of files) tar.entry({ name: file.name, mode: file.mode, mtime: new Date(0) }, file.content);
  tar.finalize();
  return Readable.from(tar);
};
