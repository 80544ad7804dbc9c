import { z } from 'zod';

const span = z.object({
  fromMs: z.number(),
  untilMs: z.number(),
  tone: z.enum(['up', 'moving', 'down', 'failed']).describe('What kind of state it is, for colour and pattern.'),
  words: z.string().describe('The state, such as `Started on lxc1`.'),
  short: z.string().describe('The part of it that matters most, where there is room for less.'),
});

const lane = z.object({
  kind: z.enum(['fault', 'connection', 'domain', 'node', 'resource']),
  name: z.string(),
  group: z.enum(['guest', 'others']).describe('Whether it belongs to the guest that was hit.'),
  spans: z.array(span),
});

/** Where something is noted: the kind and the name of a lane, or null for what concerns the cluster as a whole. */
const place = z.object({ kind: lane.shape.kind, name: z.string() }).nullable();

const mark = z.object({ atMs: z.number(), place, words: z.string() });

/**
 * What the timeline picture of a drill is drawn from, beside the drill's record: what was seen of whom, as spans of time, and
 * what happened, as marks. Times are milliseconds since the injection on the host's clock; of a fault that was not proven, whose
 * lane lasts until it was given up, since the last sample before it was tried.
 */
export const drillPicture = z.object({
  fromMs: z.number(),
  untilMs: z.number(),
  lanes: z.array(lane),
  log: z.array(mark).describe("Pacemaker's own log events."),
  logNote: z.string().nullable().describe('Why there are none, or null.'),
  logged: z.record(z.string(), z.number()).describe('When the log says that a phase was reached.'),
  failedActions: z.array(mark),
  violations: z.array(mark).describe('What broke an invariant.'),
});

export type DrillPicture = z.infer<typeof drillPicture>;
export type PictureLane = DrillPicture['lanes'][number];
export type PictureSpan = PictureLane['spans'][number];
export type PictureMark = DrillPicture['log'][number];
export type PicturePlace = PictureMark['place'];
export type Tone = PictureSpan['tone'];

/** The name under which a drill attaches its picture: first what it is drawn from, and when it has been drawn, the drawing. */
export const drillPictureAttachment = 'timeline picture';
/** The type of what it is drawn from. */
export const drillPictureType = 'application/json';
