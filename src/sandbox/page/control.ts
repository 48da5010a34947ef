import { createHash } from 'node:crypto';
import { z } from 'zod';
import { faultKinds } from '../faults.ts';
import { OperationError } from '../gitlab/operations/define.ts';
import { operations, isOperation } from '../gitlab/operations/table.ts';
import type { Sandbox } from '../sandbox.ts';
import { readPageFile } from './files.ts';
import { answerJson, refuse, type PageAnswer, type PageRequest } from './server.ts';
import { takeState } from './state.ts';

const FaultInput = z.strictObject({
  vendor: z.enum(['gitlab', 'linear', 'confluence', 'slack']),
  operation: z.string().max(300),
  kind: z.enum(faultKinds),
  times: z.int().min(1).max(1_000_000).optional(),
  skip: z.int().min(0).max(1_000_000).optional(),
  delayMs: z.int().min(0).max(600_000).optional(),
  set: z.record(z.string().max(300), z.unknown()).optional(),
});

const mostCalls = 1000;

/** Answers the page and whatever program drives the sandbox from outside. */
export async function control(sandbox: Sandbox, request: PageRequest): Promise<PageAnswer> {
  if (!request.path.startsWith('/api/')) return answerFile(request);
  const key = `${request.method} ${request.path}`;
  const operation = /^POST \/api\/gitlab\/([A-Za-z]+)$/.exec(key)?.[1];
  if (operation !== undefined) return operate(sandbox, operation, request.json ?? {});

  switch (key) {
    case 'GET /api/state':
      return answerState(sandbox, request);
    case 'GET /api/calls':
      return answerCalls(sandbox, request.query.get('since'));
    case 'GET /api/gitlab':
      return answerJson(200, describeOperations());
    case 'GET /api/connection':
      return answerJson(200, { configuration: sandbox.configuration(), environment: sandbox.environment() });
    case 'GET /api/faults':
      return answerJson(200, { kinds: faultKinds, active: sandbox.faults.list() });
    case 'POST /api/faults':
      return addFault(sandbox, request.json);
    case 'DELETE /api/faults':
      sandbox.faults.clear();
      return answerJson(200, { active: [] });
    case 'POST /api/reset':
      return reset(sandbox, request.json);
    default:
      return refuse(404, 'not_found', `There is no ${key}`);
  }
}

async function answerFile({ method, path }: PageRequest): Promise<PageAnswer> {
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'invalid', 'Only to be read');
  return (await readPageFile(path)) ?? refuse(404, 'not_found', 'There is no such page');
}

function answerState(sandbox: Sandbox, { etag }: PageRequest): PageAnswer {
  const body = JSON.stringify(takeState(sandbox));
  const tag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  if (etag === tag) return { status: 304, headers: { etag: tag } };
  return { status: 200, headers: { 'content-type': 'application/json', 'cache-control': 'no-cache', etag: tag }, body };
}

function answerCalls({ calls }: Sandbox, since: string | null): PageAnswer {
  if (since !== null && !/^\d{1,15}$/.test(since)) return refuse(400, 'invalid', 'since is the number of a call');
  const after = Number(since ?? 0);
  const start = calls.findIndex(({ seq }) => seq > after);
  const newer = start < 0 ? [] : calls.slice(start, start + mostCalls);
  return answerJson(200, { calls: newer, last: calls.at(-1)?.seq ?? 0 });
}

async function operate({ gitlab }: Sandbox, name: string, input: unknown): Promise<PageAnswer> {
  if (!isOperation(name)) return refuse(404, 'not_found', `GitLab has no operation ${name}`);
  try {
    return answerJson(200, (await gitlab.perform(name, input)) ?? {});
  } catch (error) {
    if (error instanceof OperationError) return refuse(400, error.code, error.message);
    throw error;
  }
}

// Every operation with its arguments as a JSON Schema, for programs that look around.
function describeOperations(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, { input }]) => [name, z.toJSONSchema(input, { unrepresentable: 'any' })]),
  );
}

function addFault({ faults }: Sandbox, json: unknown): PageAnswer {
  const parsed = FaultInput.safeParse(json);
  if (!parsed.success) return refuse(400, 'invalid', z.prettifyError(parsed.error));
  const { times, skip, delayMs, set, ...fault } = parsed.data;
  faults.add({
    ...fault,
    ...(times === undefined ? {} : { times }),
    ...(skip === undefined ? {} : { skip }),
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(set === undefined ? {} : { set }),
  });
  return answerJson(200, { active: faults.list() });
}

async function reset(sandbox: Sandbox, json: unknown): Promise<PageAnswer> {
  const parsed = z.strictObject({ seed: z.enum(['demo', 'empty']).optional() }).safeParse(json ?? {});
  if (!parsed.success) return refuse(400, 'invalid', z.prettifyError(parsed.error));
  await sandbox.reset(parsed.data.seed);
  return answerJson(200, { reset: true });
}
