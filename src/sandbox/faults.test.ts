import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFaults, faultKinds, type FaultKind, type Faults } from './faults.ts';
import { serveVendor, type Call, type RunningVendor } from './http.ts';

let faults: Faults;
let calls: Call[];
let vendor: RunningVendor;
let done: number;

beforeEach(async () => {
  faults = createFaults();
  calls = [];
  done = 0;
  vendor = await serveVendor({
    vendor: 'gitlab',
    faults,
    calls,
    routes: {
      'POST /things/:id': ({ params }) => {
        done++;
        return {
          status: 201,
          body: { id: params['id'], text: 'a body of some length', parts: [{ size: 1 }, { size: 2 }] },
          fact: 'test thing',
        };
      },
    },
  });
});

afterEach(async () => {
  await vendor.close();
});

async function make(): Promise<Response> {
  return fetch(`${vendor.url}/things/1`, { method: 'POST', signal: AbortSignal.timeout(300) });
}

const outcomes: Record<FaultKind, number | 'reset' | 'silence' | 'half'> = {
  refuse: 403,
  not_found: 404,
  limit: 429,
  limit_bare: 429,
  limit_text: 429,
  error_500: 500,
  error_502: 502,
  error_503: 503,
  reset: 'reset',
  slow: 201,
  altered: 201,
  commit_then_cut: 201,
  wrong_type: 200,
  wrong_json: 200,
  commit_then_reset: 'reset',
  commit_then_500: 500,
  commit_then_silence: 'silence',
  commit_then_half: 'half',
  commit_then_wrong_type: 200,
};

async function outcomeOf(request: Promise<Response>): Promise<number | string> {
  try {
    const response = await request;
    return await response.text().then(
      () => response.status,
      () => 'half',
    );
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'silence' : 'reset';
  }
}

test.each(faultKinds)('%s spoils one call, and only what commits first has happened', async (kind) => {
  faults.add({ vendor: 'gitlab', operation: 'POST /things', kind, delayMs: 10 });
  expect(await outcomeOf(make())).toBe(outcomes[kind]);
  const answers = ['slow', 'altered'].includes(kind);
  expect(done).toBe(answers || kind.startsWith('commit') ? 1 : 0);
  expect(calls[0]).toMatchObject({ operation: 'POST /things/:id', fault: kind, write: true });
  expect((await make()).status).toBe(201);
  expect(calls[1]).toMatchObject({ seq: 2, fact: 'test thing' });
});

test('a fault lets calls pass first, hits as often as told, and only its own operation', async () => {
  faults.add({ vendor: 'gitlab', operation: '/things/:id$', kind: 'error_500', skip: 1, times: 2 });
  faults.add({ vendor: 'gitlab', operation: '/things$', kind: 'refuse' });
  faults.add({ vendor: 'slack', operation: 'things', kind: 'refuse' });
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await make()).status);
  expect(statuses).toEqual([201, 500, 500, 201]);
  expect(faults.list()).toHaveLength(2);
  faults.clear();
  expect(faults.list()).toEqual([]);
});

test('an answer is altered field by field, in every element of a list', async () => {
  const set = { text: undefined, id: 7, 'parts.size': '3', 'nothing.there': 1 };
  faults.add({ vendor: 'gitlab', operation: 'POST /things', kind: 'altered', set });
  expect(await (await make()).json()).toEqual({ id: 7, parts: [{ size: '3' }, { size: '3' }] });
});

test('an answer is cut in the middle, and looks whole', async () => {
  faults.add({ vendor: 'gitlab', operation: 'POST /things', kind: 'commit_then_cut' });
  const text = await (await make()).text();
  const whole = await (await make()).text();
  expect(text).toBe(whole.slice(0, Math.floor(whole.length / 2)));
});

test('a request that is too strange for a route is answered, not dropped', async () => {
  expect((await fetch(`${vendor.url}//[`)).status).toBe(404);
  expect((await fetch(`${vendor.url}/things/%E0%A4%A`, { method: 'POST' })).status).toBe(201);
});
