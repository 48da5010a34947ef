import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  /** Counts a webhook request by what became of it. */
  readonly countWebhook: (result: string) => void;
}

/** What is read from the database each time somebody looks. */
export interface Gauges {
  readonly open: number;
  readonly done: number;
  readonly attention: number;
  readonly waiting: ReadonlyMap<string, { readonly waiting: number; readonly active: number }>;
}

/** The service's metrics, in a registry of their own. */
export function createMetrics(readGauges: () => Promise<Gauges>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // On the way of every delivery: looked up in the registry only when somebody looks.
  const counted = new Map<string, number>();
  const webhooks = new Counter({
    name: 'countersign_webhooks_total',
    help: 'Webhook requests by what became of them',
    labelNames: ['result'],
    registers: [registry],
    collect() {
      for (const [result, count] of counted) webhooks.inc({ result }, count);
      counted.clear();
    },
  });
  const changes = new Gauge({
    name: 'countersign_changes',
    help: 'Changes by state: open, done, attention',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const gauges = await readGauges();
      changes.set({ state: 'open' }, gauges.open);
      changes.set({ state: 'done' }, gauges.done);
      changes.set({ state: 'attention' }, gauges.attention);
      stages.reset();
      for (const [stage, { waiting, active }] of gauges.waiting) {
        stages.set({ stage, state: 'waiting' }, waiting);
        stages.set({ stage, state: 'active' }, active);
      }
    },
  });
  const stages = new Gauge({
    name: 'countersign_stage_changes',
    help: 'Changes that wait in a stage, and those being worked on',
    labelNames: ['stage', 'state'],
    registers: [registry],
  });
  return { registry, countWebhook: (result) => void counted.set(result, (counted.get(result) ?? 0) + 1) };
}
