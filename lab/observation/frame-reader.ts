import { ObservationError } from '../errors.ts';
import { parseFrameHeader } from './frame-header.ts';
import type { FrameHeader } from './frame-header.ts';

/** A frame of sampler.sh's stream, undecoded but for its header. */
export type Frame =
  | (FrameHeader & { readonly kind: 'sample' } & { readonly payload: Buffer })
  | (FrameHeader & { readonly kind: 'end' })
  /** The stream cannot be followed from here on: no further frame comes. */
  | { readonly kind: 'broken'; readonly error: ObservationError };

export interface FrameReader {
  /** Takes what arrived, cut anywhere, and returns the frames that it completes. Never throws. */
  push(chunk: Buffer): readonly Frame[];
  /** Takes note that nothing more arrives; returns a broken frame if that cut one in two, else nothing. */
  end(): readonly Frame[];
}

/** No status comes near this; what claims to be longer is a header misread. */
export const maxPayloadBytes = 16 * 1024 * 1024;
const maxHeaderBytes = 64 * 1024;
const newline = 0x0a;

const broken = (what: string): Frame => ({
  kind: 'broken',
  error: new ObservationError(`The stream of samples cannot be followed: ${what}.`, {
    kind: 'broken',
    next: 'See what else writes to the same stream (a login script on the host, say), and open it anew.',
  }),
});

const quote = (bytes: Buffer): string => JSON.stringify(bytes.subarray(0, 120).toString('utf8'));

const afterEnd = (bytes: Buffer): Frame => broken(`after its end comes ${quote(bytes)}`);

/** Makes a decoder for one stream of sampler.sh, from its first byte. */
export function createFrameReader(): FrameReader {
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** What has to have come before it is worth a look: the rest of a header's line, or so many bytes. */
  let awaits: number | 'line' = 'line';
  let lastNumber: number | undefined;
  let over: 'no' | 'ended' | 'broken' = 'no';

  const stop = (frame: Frame): Frame => {
    over = frame.kind === 'end' ? 'ended' : 'broken';
    held = [];
    heldBytes = 0;
    return frame;
  };

  /** The frame at the start of the bytes and where it ends, or what it takes to go on. */
  const takeFrame = (bytes: Buffer): { frame: Frame; length: number } | { awaits: number | 'line' } => {
    const wrong = (what: string): { frame: Frame; length: number } => ({ frame: broken(what), length: bytes.length });
    const headerEnd = bytes.subarray(0, maxHeaderBytes).indexOf(newline);
    if (headerEnd < 0) {
      if (bytes.length < maxHeaderBytes) return { awaits: 'line' };
      return wrong(`a header of more than ${maxHeaderBytes} bytes, which begins ${quote(bytes)}`);
    }
    const line = bytes.subarray(0, headerEnd);
    const header = parseFrameHeader(line.toString('utf8'));
    if (!header) return wrong(`${quote(line)} is no header of a sample`);
    if (header.kind === 'end') return { frame: header, length: headerEnd + 1 };
    if (header.payloadBytes > maxPayloadBytes)
      return wrong(`sample ${header.number} claims ${header.payloadBytes} bytes, more than ${maxPayloadBytes}`);
    if (lastNumber !== undefined && header.number !== lastNumber + 1)
      return wrong(`sample ${header.number} comes after sample ${lastNumber}`);
    const payloadEnd = headerEnd + 1 + header.payloadBytes;
    if (bytes.length <= payloadEnd) return { awaits: payloadEnd + 1 };
    if (bytes[payloadEnd] !== newline)
      return wrong(`sample ${header.number} is longer than the ${header.payloadBytes} bytes it claims`);
    lastNumber = header.number;
    return { frame: { ...header, payload: bytes.subarray(headerEnd + 1, payloadEnd) }, length: payloadEnd + 1 };
  };

  return {
    push(chunk) {
      if (over === 'broken' || chunk.length === 0) return [];
      if (over === 'ended') return [stop(afterEnd(chunk))];
      held.push(chunk);
      heldBytes += chunk.length;
      const enough = awaits === 'line' ? heldBytes >= maxHeaderBytes || chunk.includes(newline) : heldBytes >= awaits;
      if (!enough) return [];
      const bytes = held.length === 1 ? chunk : Buffer.concat(held);
      const frames: Frame[] = [];
      let offset = 0;
      awaits = 'line';
      while (offset < bytes.length) {
        const taken = takeFrame(bytes.subarray(offset));
        if ('awaits' in taken) {
          awaits = taken.awaits;
          break;
        }
        offset += taken.length;
        frames.push(taken.frame);
        if (taken.frame.kind !== 'sample') {
          stop(taken.frame);
          if (offset < bytes.length) frames.push(stop(afterEnd(bytes.subarray(offset))));
          return frames;
        }
      }
      held = offset < bytes.length ? [bytes.subarray(offset)] : [];
      heldBytes = bytes.length - offset;
      return frames;
    },
    end() {
      if (over !== 'no' || heldBytes === 0) return [];
      return [stop(broken(`it was cut in the middle of a sample, ${heldBytes} bytes into it`))];
    },
  };
}
