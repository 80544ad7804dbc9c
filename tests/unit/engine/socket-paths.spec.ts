import { expect, test } from '@playwright/test';
import { checkSocketPaths } from '../../../lab/engine/private-daemon-files.ts';
import { readSettings } from '../../../lab/settings.ts';

/** containerd's longest socket below the cache folder takes 43 bytes, and a socket's path may have 107. */
const longestCacheDir = 107 - '/engine/exec/containerd/containerd.sock.ttrpc'.length;

test('a cache folder may be as long as the kernel lets its sockets be, in bytes', () => {
  const fits = `/${'x'.repeat(longestCacheDir - 1)}`;
  checkSocketPaths(readSettings({ LAB_CACHE_DIR: fits }));
  expect(() => {
    checkSocketPaths(readSettings({ LAB_CACHE_DIR: `${fits}x` }));
  }).toThrow(/1 bytes too long[\s\S]*LAB_CACHE_DIR to a folder with a shorter path/);
  expect(() => {
    checkSocketPaths(readSettings({ LAB_CACHE_DIR: `/${'ä'.repeat(longestCacheDir - 1)}` }));
  }).toThrow(/too long/);
});
