import { Readable } from 'node:stream';
import { expect, test } from '@playwright/test';
import { LabError } from '../../../lab/errors.ts';
import { describeEvent, followEngine, type EngineEvent } from '../../../lab/images/engine-events.ts';

const follow = async (...pieces: readonly string[]): Promise<readonly EngineEvent[]> => {
  const events: EngineEvent[] = [];
  await followEngine(Readable.from(pieces.map((piece) => Buffer.from(piece))), (event) => events.push(event));
  return events;
};

test('events are read across pieces, with and without a last line end', async () => {
  expect(await follow('{"stream":"Step', ' 1/2"}\r\n{"sta', 'tus":"done","id":"x"}')).toEqual([
    { stream: 'Step 1/2' },
    { status: 'done', id: 'x' },
  ]);
});

test('an error in the stream fails, though the engine said 200 before it', async () => {
  const failing = follow('{"stream":"a"}\n', '{"error":"exit status 100","errorDetail":{"code":100}}\n');
  await expect(failing).rejects.toThrow(LabError);
  await expect(failing).rejects.toThrow('exit status 100');
});

test('an event reads as a line', () => {
  expect(describeEvent({ id: 'abc', status: 'Downloading', progress: '[=>]' })).toBe('abc Downloading [=>]');
});
