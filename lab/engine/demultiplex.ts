/** Which of a command's streams a piece of output belongs to. */
export type Channel = 'stdout' | 'stderr';

/** Takes apart what an engine multiplexes. */
export interface Demultiplexer {
  /** Takes the next bytes, in pieces of any size. Throws on bytes that are not the engine's framing. */
  take(chunk: Buffer): void;
  /** Says whether everything so far was whole: if not when the stream ends, it was cut. */
  isBetweenFrames(): boolean;
}

const headerBytes = 8;

/**
 * Takes apart the engine's stream of a command without a terminal: frames of a header (the stream's number, three zeros,
 * the length as 32 bits big-endian) and that many bytes (Docker Engine API, "Attach to a container", stream format).
 */
export const demultiplex = (onData: (channel: Channel, data: Buffer) => void): Demultiplexer => {
  let header = Buffer.alloc(0);
  let channel: Channel = 'stdout';
  let left = 0;
  return {
    take: (chunk) => {
      let rest = chunk;
      while (rest.length > 0) {
        if (left > 0) {
          const data = rest.subarray(0, left);
          left -= data.length;
          rest = rest.subarray(data.length);
          onData(channel, data);
          continue;
        }
        const missing = headerBytes - header.length;
        header = Buffer.concat([header, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (header.length < headerBytes) continue;
        if (header[0] === undefined || header[0] > 2)
          throw new Error(`not a frame of the engine: ${header.toString('hex')}`);
        channel = header[0] === 2 ? 'stderr' : 'stdout';
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
      }
    },
    isBetweenFrames: () => left === 0 && header.length === 0,
  };
};
