import { expect, test } from '@playwright/test';
import { oldContent, usedBytes, type DiskUsage } from '../../../lab/images/old-content.ts';

const image = (tag: string, Size = 500, SharedSize = 100) => ({ RepoTags: [tag], Size, SharedSize });
const volume = (Name: string, RefCount: number, Labels: Record<string, string> | null) => ({
  Name,
  Labels,
  UsageData: { Size: 70, RefCount },
});
const ofSuite = { 'pacemaker-guest-drills': 'guest-root' };
const [current, old] = ['pacemaker-guest-drills/host:3.0.0-1', 'pacemaker-guest-drills/host:3.0.0-0'];
const usage: DiskUsage = {
  LayersSize: 900,
  Images: [
    image(current),
    image(old),
    image('debian:trixie-slim'),
    { RepoTags: null, Size: 5, SharedSize: 0 },
    { RepoTags: ['somebody/mirror:1', 'pacemaker-guest-drills/base:2.0.5-0'], Size: 100, SharedSize: 100 },
  ],
  Volumes: [
    volume('root-current', 0, ofSuite),
    volume('root-old', 0, ofSuite),
    volume('root-in-use', 1, ofSuite),
    volume('of-a-lab', 0, { 'pacemaker-guest-drills.lab': 'mine' }),
    volume('of-somebody', 0, null),
  ],
};

test('old are the images and volumes of the suite that are neither current nor in use, and nobody else’s', () => {
  expect(oldContent(usage, new Set([current, 'root-current']))).toEqual([
    { kind: 'image', name: old, bytes: 400 },
    { kind: 'image', name: 'pacemaker-guest-drills/base:2.0.5-0', bytes: 0 },
    { kind: 'volume', name: 'root-old', bytes: 70 },
  ]);
});

test('the room that the engine uses is that of layers, each counted once, and of volumes', () => {
  expect(usedBytes(usage)).toBe(900 + 5 * 70);
});
