import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MissedReason } from '../../storage/gaps.ts';
import type { Arriving, Received } from '../../workflow/receive.ts';
import type { Metrics } from '../metrics.ts';
import { answerOf, ignored, refused, send, type Answer } from './answers.ts';
import type { DoorLimits } from './limits.ts';
import { readBody, type Body } from './read-body.ts';
import { readDelivery, refuseByHead, type Intake } from './read-delivery.ts';
import type { ReadingRoom } from './reading-room.ts';

export interface FrontDoorParts {
  /** Asked for every delivery: the configuration may have changed. */
  readonly intake: () => Intake;
  /** Makes an arrival durable. */
  readonly keep: (arriving: Arriving) => Promise<Received>;
  /** True while nothing more may wait to be made durable. */
  readonly isFull: () => boolean;
  /** Told of every delivery that was turned away although it was, or may have been, authentic. */
  readonly missed: (from: Date, reason: MissedReason) => void;
  readonly now: () => Date;
  readonly metrics: Metrics;
  readonly log: { error(fields: object, message: string): void };
}

export interface DoorState {
  readonly limits: DoorLimits;
  readonly room: ReadingRoom;
  /** True from the moment the service is told to stop. */
  closing: boolean;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

// As much is taken off the wire after an early answer, so that whoever sends first and reads then gets to read it.
const mostDiscarded = 256 * 1024;

const mostDelayMs = 60_000;
const hourMs = 3_600_000;

/**
 * The front door: verify over the raw bytes, parse what we use, decide, commit, answer. GitLab counts every refusal
 * against the hook and does not send again, so an authentic event that we do not use is 200 `ignored`. It is cheap to
 * turn somebody away: what the head tells is answered before a body is read, and nothing is parsed before it is known
 * who sent it.
 */
export function createFrontDoor(parts: FrontDoorParts, state: DoorState): Handler {
  const { limits, room } = state;
  const { countWebhook } = parts.metrics;

  return (request, response) => {
    const arrivedAt = parts.now();
    const early = refuseByHead(request.headers, parts.intake(), limits.largestBody);
    if (early !== undefined) refuse(early);
    else if (state.closing) miss('stopping');
    else if (parts.isFull()) miss('overloaded');
    else readBody(request, room, limits.largestBody, (body) => take(body));

    function take(body: Body): void {
      if (body.kind === 'aborted') return;
      if (body.kind === 'too_large') return refuse('too_large');
      if (body.kind === 'evicted') return miss(state.closing ? 'stopping' : 'overloaded');
      try {
        const delivered = readDelivery(request.headers, body.bytes, arrivedAt, parts.intake());
        if (delivered.kind === 'refused') refuse(delivered.code, delivered.where);
        else if (delivered.kind === 'ignored') answer('ignored', ignored(delivered.reason));
        else keep(delivered.arriving).catch(fail);
      } catch (error) {
        // Thrown from here it would end the process.
        fail(error);
      }
    }

    async function keep(arriving: Arriving): Promise<void> {
      try {
        const received = await parts.keep(arriving);
        answer(received.result, answerOf(200, received));
      } catch (error) {
        const reason = turnedAwayFor(error);
        if (reason === undefined) throw error;
        miss(reason, arriving);
      }
    }

    function miss(reason: 'stopping' | 'overloaded' | 'not_durable', arriving?: Arriving): void {
      parts.missed(happenedBy(arrivedAt, arriving), reason);
      refuse(reason);
    }

    function refuse(code: Parameters<typeof refused>[0], where?: string): void {
      answer(code, refused(code, where));
    }

    function answer(result: string, what: Answer): void {
      countWebhook(result);
      // Whoever is gone needs no answer.
      if (!response.destroyed) send(response, what, state.closing || !isSoonDrained(request));
    }

    function fail(error: unknown): void {
      parts.log.error({ err: error }, 'A delivery failed');
      parts.missed(happenedBy(arrivedAt), 'failed');
      refuse('internal');
    }
  };
}

// GitLab sends after the fact: what is missed happened before it came. By a minute, where it is not known.
function happenedBy(arrivedAt: Date, arriving?: Arriving): Date {
  const { actionedAt = null, updatedAt = null } = arriving?.delivery.event ?? {};
  const told = actionedAt ?? updatedAt;
  const earliest = arrivedAt.getTime() - (told === null ? mostDelayMs : hourMs);
  const happened = told === null ? earliest : Date.parse(told);
  // An old event that somebody sends again does not open a gap of years.
  return new Date(Math.min(arrivedAt.getTime(), Math.max(happened, earliest)));
}

// By code: a class does not survive every way an error may take.
function turnedAwayFor(error: unknown): 'overloaded' | 'not_durable' | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'overloaded' || code === 'not_durable' ? code : undefined;
}

// What is left of a body after an early answer: nothing, or so little that it is read and thrown away.
function isSoonDrained(request: IncomingMessage): boolean {
  return request.complete || Number(request.headers['content-length'] ?? Infinity) <= mostDiscarded;
}
