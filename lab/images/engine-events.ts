import { z } from 'zod';
import { LabError } from '../errors.ts';

const eventSchema = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  progress: z.string().optional(),
  id: z.string().optional(),
  error: z.string().optional(),
});

/** One line of what an engine tells while it builds, pulls or imports. */
export type EngineEvent = Readonly<z.infer<typeof eventSchema>>;

/**
 * Follows what an engine tells until it has ended.
 * @param onEvent Called for each event, in order.
 * @throws LabError with the engine's words when it tells of an error, or tells something that can't be read.
 */
export const followEngine = async (
  stream: NodeJS.ReadableStream,
  onEvent: (event: EngineEvent) => void,
): Promise<void> => {
  let rest = '';
  const take = (line: string): void => {
    if (line.trim() === '') return;
    const event = eventSchema.parse(JSON.parse(line));
    onEvent(event);
    // The engine answers 200 first and tells of a failure in the middle of the stream.
    if (event.error !== undefined) throw new LabError(event.error);
  };
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
  }
  take(rest);
};

/** What an event says to a person, on a line. */
export const describeEvent = (event: EngineEvent): string =>
  event.stream ?? [event.id, event.status, event.progress].filter((part) => part !== undefined).join(' ');
