import { Client } from 'pg';

/** Clocks that a test moves, for what takes longer than a test may last. */
export interface PlayedTime {
  /** The time of the world. */
  readonly now: () => Date;
  /** Lets so many seconds go by. */
  pass(seconds: number): void;
  /** What the service takes for the time. */
  readonly serviceClock: () => Date;
  /** Sets the service's clock so many seconds before the time of the world, or behind it. */
  setServiceClock(ahead: number): void;
}

/** Clocks that show the machine's time until they are moved. */
export function playTime(): PlayedTime {
  let passedMs = 0;
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + passedMs),
    pass: (seconds) => void (passedMs += seconds * 1000),
    serviceClock: () => new Date(Date.now() + passedMs + aheadMs),
    setServiceClock: (ahead) => void (aheadMs = ahead * 1000),
  };
}

/** Lets waits pass at once, for a service that goes by a played time. */
export interface Waits {
  /**
   * Moves the time on to when the next stage that waits is due, and wakes the service. What is under way is not disturbed,
   * as if the time had gone by second for second. Returns the seconds that went.
   */
  skip(): Promise<number>;
  /** Skips waits until something is so; returns the seconds that went. */
  skipUntil(isSo: (seconds: number) => Promise<boolean>, patienceMs: number): Promise<number>;
  /** How many jobs wait for a later time. */
  waiting(): Promise<number>;
  /** Sets the clock of the database, by which the queue goes, so many seconds ahead of the machine's. */
  setDatabaseClock(seconds: number): Promise<void>;
  close(): Promise<void>;
}

const pauseMs = 25;

/** Watches the queue of a service. */
export async function watchWaits(databaseUrl: string, time: PlayedTime): Promise<Waits> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();

  const skip: Waits['skip'] = async () => {
    const { rows } = await client.query<{ wait: number | null }>(
      `select extract(epoch from min(start_after) - pgboss.job_now())::float8 as wait from pgboss.job where state < 'active'`,
    );
    const wait = rows[0]?.wait ?? null;
    if (wait === null) return 0;
    const seconds = Math.max(0, wait);
    time.pass(seconds);
    await client.query(
      `update pgboss.job set start_after = start_after - make_interval(secs => $1)
       where state < 'active' and start_after > pgboss.job_now()`,
      [seconds],
    );
    await client.query(wake);
    return seconds;
  };

  return {
    skip,
    async skipUntil(isSo, patienceMs) {
      const end = performance.now() + patienceMs;
      let seconds = 0;
      while (!(await isSo(seconds))) {
        if (performance.now() > end) throw new Error(`Did not come about in time, nor in ${seconds} seconds played`);
        seconds += await skip();
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      return seconds;
    },
    async waiting() {
      const { rowCount } = await client.query(
        `select from pgboss.job where state < 'active' and start_after > pgboss.job_now()`,
      );
      return rowCount ?? 0;
    },
    async setDatabaseClock(seconds) {
      await client.query(
        `create or replace function pgboss.job_now() returns timestamptz language sql stable
         as $$ select pg_catalog.now() + interval '${seconds} seconds' $$`,
      );
    },
    close: () => client.end(),
  };
}

// As pg-boss itself does it: the channel is named after the schema.
const wake = `
  select pg_notify('pgboss_' || left(encode(sha224('pgboss'::bytea), 'hex'), 24), name) from pgboss.queue`;
