import { at, type Mutant } from './mutant.ts';

const door = 'test/front-door.test.ts';
const group = 'src/workflow/group-commit.test.ts';
const missed = 'src/workflow/missed.test.ts';
const life = 'src/workflow/door-life.test.ts';

/** The front door: what it holds is bounded, who must not come in costs little, and what was turned away is remembered. */
export const doorMutants: readonly Mutant[] = [
  {
    name: 'bodies of strangers are held without bound',
    file: 'src/server/door/reading-room.ts',
    find: 'if (held <= mostBytes) return;',
    replace: 'return;',
    tests: [at(door, 'bodies of unknown senders are held up to a bound in all')],
  },
  {
    name: 'the smallest bodies go first',
    file: 'src/server/door/reading-room.ts',
    find: 'one.bytes > largest.bytes',
    replace: 'one.bytes < largest.bytes',
    tests: [at(door, 'bodies of unknown senders are held up to a bound in all')],
  },
  {
    name: 'what was read of an aborted body is counted for ever',
    file: 'src/server/door/read-body.ts',
    find: "if (!isOver) end({ kind: 'aborted' });",
    replace: 'return;',
    tests: [
      at(door, 'a client that goes away in the midst of its body leaves nothing behind'),
      at(door, 'a body that trickles in is let go of'),
    ],
  },
  {
    name: 'a body is read however large it is',
    file: 'src/server/door/read-body.ts',
    find: "if (reader.bytes + chunk.length > largest) return end({ kind: 'too_large' });",
    replace: '',
    tests: [at(door, 'a body that turns out too large is 413 before it has ended')],
  },
  {
    name: 'a body is read although the head tells enough',
    file: 'src/server/door/front-door.ts',
    find: 'if (early !== undefined) refuse(early);',
    replace: 'if (early === null) refuse(early);',
    tests: [at(door, 'a request without a signature is answered before its body comes')],
  },
  {
    name: 'a body is read although nothing more may wait',
    file: 'src/server/door/front-door.ts',
    find: "else if (parts.isFull()) miss('overloaded');",
    replace: '',
    tests: [at(door, 'while nothing more may wait, a delivery is refused at once and its body not read')],
  },
  {
    name: 'what is turned away is forgotten',
    file: 'src/server/door/front-door.ts',
    find: 'parts.missed(happenedBy(arrivedAt, arriving), reason);',
    replace: '',
    tests: [
      at(door, 'a delivery that could not be stored is remembered'),
      at(door, 'while it stops, what waits is answered, and whoever still sends is told and remembered'),
    ],
  },
  {
    name: 'a gap begins when the delivery came, and not when it happened',
    file: 'src/server/door/front-door.ts',
    find: 'Math.max(happened, earliest)',
    replace: 'arrivedAt.getTime()',
    tests: [at(door, 'a delivery that could not be stored is remembered since it happened')],
  },
  {
    name: 'an old event opens a gap of years',
    file: 'src/server/door/front-door.ts',
    find: 'Math.max(happened, earliest)',
    replace: 'happened',
    tests: [at(door, 'a delivery that could not be stored is remembered since it happened')],
  },
  {
    name: 'any number of connections stays open',
    file: 'src/server/door/connections.ts',
    find: 'if (open.size <= most) return;',
    replace: 'return;',
    tests: [at(door, 'beyond the bound of connections those that have been idle longest go')],
  },
  {
    name: 'connections at work are closed for new ones',
    file: 'src/server/door/connections.ts',
    find: 'if (isIdle(response)) return socket;',
    replace: 'return socket;',
    tests: [at(door, 'where every connection is at work a new one goes')],
  },
  {
    name: 'a connection that brings nothing holds up the stop',
    file: 'src/server/door/connections.ts',
    find: 'if (isIdle(response)) letGo(socket);',
    replace: 'if (response?.writableFinished === true) letGo(socket);',
    tests: [at(door, 'while it stops, what waits is answered')],
  },
  {
    name: 'what waits holds the block that it came in',
    file: 'src/server/door/read-delivery.ts',
    find: 'if (bytes.buffer.byteLength <= 2 * bytes.length) return bytes;',
    replace: 'return bytes;',
    tests: [at(door, 'what waits does not hold the block of memory that it came in')],
  },
  {
    name: 'an event is parsed before its sender is known',
    file: 'src/server/door/read-delivery.ts',
    find: "if (!verified.ok) return { kind: 'refused', code: verified.code };",
    replace:
      "if (!readJson(rawBody).ok) return { kind: 'refused', code: 'not_json' };\n  if (!verified.ok) return { kind: 'refused', code: verified.code };",
    tests: [at(door, 'thousands of wrong signatures are neither parsed nor kept')],
  },
  {
    name: 'a glimpse takes what was cleaned away for a label',
    file: 'src/connectors/gitlab/glimpse.ts',
    find: " && value.isWellFormed() && !value.includes('\\0')",
    replace: '',
    tests: [at('src/connectors/gitlab/glimpse.test.ts', 'says what the whole event says')],
  },
  {
    name: 'any number of deliveries waits',
    file: 'src/workflow/group-commit.ts',
    find: 'held.items >= options.most.items || ',
    replace: '',
    tests: [at(group, 'beyond so many items nothing more waits')],
  },
  {
    name: 'any number of bytes waits',
    file: 'src/workflow/group-commit.ts',
    find: ' || held.bytes >= options.most.bytes',
    replace: '',
    tests: [at(group, 'beyond so many bytes nothing more waits')],
  },
  {
    name: 'what was turned away is held for ever',
    file: 'src/workflow/group-commit.ts',
    find: 'if (waiting.delete(one)) letGo(one);',
    replace: 'waiting.delete(one);',
    tests: [at(group, 'what was turned away is held no longer, except where a commit still holds it')],
  },
  {
    name: 'a database that is away is asked once for each delivery',
    file: 'src/workflow/group-commit.ts',
    find: 'group.length === 1 || options.isAway(error)',
    replace: 'group.length === 1',
    tests: [at(group, 'while the store is away, a group is not taken apart')],
  },
  {
    name: 'every refusal is a gap of its own',
    file: 'src/workflow/missed.ts',
    find: 'from.getTime() - last.gap.to.getTime() <= joinsWithinMs',
    replace: 'last.gap.to < from',
    tests: [at(missed, 'refusals that touch are one span')],
  },
  {
    name: 'a gap that could not be written is forgotten',
    file: 'src/workflow/missed.ts',
    find: 'void flush().catch(() => later(pauseMs));',
    replace: 'void flush().catch(() => undefined);',
    tests: [at(missed, 'spans are written without being asked for')],
  },
  {
    name: 'a gap is not written when the service closes',
    file: 'src/workflow/missed.ts',
    find: 'await flush().catch((error: unknown) => {',
    replace: 'await Promise.resolve().catch((error: unknown) => {',
    tests: [at(missed, 'what is not written when the service closes, is written then')],
  },
  {
    name: 'a closed gap is widened',
    file: 'src/storage/gaps.ts',
    find: "    .where('id', '=', id)\n    .where('closed_at', 'is', null)\n    .executeTakeFirst();",
    replace: "    .where('id', '=', id)\n    .executeTakeFirst();",
    tests: [at(missed, 'a span that somebody closed is not widened behind their back')],
  },
  {
    name: 'a start notes no gap',
    file: 'src/workflow/door-life.ts',
    find: 'last !== undefined && last < at ?',
    replace: 'last !== undefined && last > at ?',
    tests: [at(life, 'a start after a crash leaves a gap'), at(life, 'a start after a stop leaves a gap')],
  },
  {
    name: 'any node covers any gap',
    file: 'src/workflow/door-life.ts',
    find: 'Date.parse(life.since) <= from.getTime() && ',
    replace: '',
    tests: [at(life, 'a node that came later covers no gap before it')],
  },
  {
    name: 'a gap stays although another node was there',
    file: 'src/workflow/door-life.ts',
    find: 'await removeGap(trx, doubted.id);',
    replace: '',
    tests: [at(life, 'a span in which another node was there is no gap')],
  },
];
