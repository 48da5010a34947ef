import { at, type Mutant } from './mutant.ts';

const clocks = 'test/faults/clocks.test.ts';
const writes = 'test/faults/writes.test.ts';
const surplus = 'test/faults/surplus.test.ts';
const outages = 'test/faults/outages.test.ts';
const teller = 'src/workflow/tell-away.test.ts';
const deliver = 'src/workflow/stages/deliver-message.ts';

/** Faults, outages and clocks: each change leaves one of each, and none is held up for longer than was meant. */
export const faultMutants: readonly Mutant[] = [
  {
    name: 'when a stage is tried again is told by our own clock',
    file: 'src/workflow/run-stage.ts',
    find: 'inSeconds: one.inSeconds ?? 0 })),',
    replace: 'inSeconds: (one.inSeconds ?? 0) + (now.getTime() - Date.now()) / 1000 })),',
    tests: [at(clocks, 'a clock that runs hours ahead until confluence has failed')],
  },
  {
    name: 'a message that was sent in the future is waited for',
    file: deliver,
    find: 'if (waited < 0) {',
    replace: 'if (waited < -1e9) {',
    tests: [at(clocks, 'a clock that runs hours ahead until slack has failed')],
  },
  {
    name: 'what was put into the queue in the future waits until then',
    file: 'src/workflow/resume.ts',
    find: 'const early = await bringForward(db, queueSchema);',
    replace: 'const early = bringForward.length - 2;',
    tests: [at(clocks, 'what the queue was to do later is done although its clock went back')],
  },
  {
    name: 'a message whose answer was lost counts as not sent',
    file: deliver,
    find: 'if (unknownOutcome.has(error.code)) {',
    replace: "if (error.code === 'timeout') {",
    tests: [at(writes, 'a row, an issue and a confirmation > stands once after commit_then_reset')],
  },
  {
    name: 'a second copy that could not be taken away stays',
    file: deliver,
    find: "if (result.kind === 'retry') return result;\n    // The message stands;",
    replace: '// The message stands;',
    tests: [at(surplus, 'although that meets error_500')],
  },
  {
    name: 'a second copy is taken away at once or never',
    file: deliver,
    find: "return message.attempt > 1 ? removeSurplus(parts, message) : { kind: 'done' };",
    replace: "return { kind: 'done' };",
    tests: [at(surplus, 'although that meets error_500')],
  },
  {
    name: 'a vendor that fails is given up',
    file: 'src/workflow/retry.ts',
    find: '  server_error: { first: 1, longest: 300 },\n',
    replace: '',
    tests: [
      at(writes, 'a row, an issue and a confirmation > stands once after error_500'),
      at(outages, 'an outage of confluence'),
    ],
  },
  {
    name: 'patience ends after an hour',
    file: 'src/workflow/retry.ts',
    find: 'const patienceMs = 7 * 24 * 3600 * 1000;',
    replace: 'const patienceMs = 3600 * 1000;',
    tests: [at(outages, 'an outage of confluence'), at(outages, 'while one vendor is away')],
  },
  {
    name: 'a full disk is a database that is away',
    file: 'src/storage/away.ts',
    find: "if (code === '53100' || code === 'ENOSPC' || said.includes('No space left on device')) {",
    replace: "if (code === 'ENOSPC') {",
    tests: [at(teller, 'why nothing can be stored is said once a minute')],
  },
];
