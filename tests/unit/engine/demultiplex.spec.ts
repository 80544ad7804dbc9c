import { expect, test } from '@playwright/test';
import { demultiplex } from '../../../lab/engine/demultiplex.ts';

const frame = (stream: number, data: string): Buffer => {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(data), 4);
  return Buffer.concat([header, Buffer.from(data)]);
};

const bytes = Buffer.concat([frame(1, 'out'), frame(2, 'problem'), frame(1, ''), frame(1, 'put')]);

for (const size of [1, 3, 7, 8, 9, 1000]) {
  test(`output in pieces of ${size} bytes comes apart the same`, () => {
    const got = { stdout: '', stderr: '' };
    const demultiplexer = demultiplex((channel, data) => {
      got[channel] += data.toString();
    });
    for (let at = 0; at < bytes.length; at += size) demultiplexer.take(bytes.subarray(at, at + size));
    expect(got).toEqual({ stdout: 'output', stderr: 'problem' });
    expect(demultiplexer.isBetweenFrames()).toBe(true);
  });
}

test('a stream that is cut in a header or in its data is known to be cut', () => {
  for (const length of [4, 9]) {
    const demultiplexer = demultiplex(() => undefined);
    demultiplexer.take(bytes.subarray(0, length));
    expect(demultiplexer.isBetweenFrames()).toBe(false);
  }
});

test('bytes that are no frames are refused', () => {
  expect(() => {
    demultiplex(() => undefined).take(Buffer.from('HTTP/1.1 400 Bad Request'));
  }).toThrow(/not a frame/);
});
