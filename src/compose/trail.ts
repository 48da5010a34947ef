import type { Json } from '@countersign/ledger';
import type { Config } from '../config/config.ts';
import { policyOf } from '../config/policy.ts';
import type { ChangeName } from '../domain/name.ts';
import type { StageName } from '../domain/stage.ts';
import { findChange } from '../storage/changes.ts';
import type { Database } from '../storage/database.ts';
import { writeTrigger } from '../storage/settings.ts';
import { noteAction } from '../storage/statements.ts';
import { rulebookOf } from '../workflow/judge-records.ts';
import { createPacks, type Packs } from '../workflow/packs.ts';
import { rejudge, rejudgeAll, type Rejudged } from '../workflow/rejudge.ts';
import { reportKey, type KeyReport } from '../workflow/report-key.ts';
import { reportChange, reportStatus, type ChangeReport, type StatusReport } from '../workflow/report.ts';
import { retryChange } from '../workflow/retry-change.ts';
import { rotateKey, type Rotation } from '../workflow/rotate-key.ts';
import { product } from './product.ts';
import { keeperOf, keyOptionsOf } from './settings.ts';

/** What commands read from the trail and switch in it. */
export interface Trail {
  status(): Promise<StatusReport>;
  show(name: ChangeName): Promise<ChangeReport | undefined>;
  setTrigger(value: 'on' | 'off'): Promise<void>;
  /** Notes what was done to the hooks in GitLab, to be sealed. */
  noteHook(detail: Json): Promise<void>;
  /**
   * Judges sealed records again under the policy of a configuration: one change, or all. Undefined where the change is
   * unknown. No record is changed.
   */
  judge(config: Config, options?: JudgeOptions): Promise<Rejudged | undefined>;
  /** The public key of the log, in the forms that others verify with. */
  keys(config: Config): Promise<KeyReport>;
  /** Goes over to another key: both sign the change. */
  rotateKey(config: Config): Promise<Rotation>;
  /** What is handed to auditors: packs, lists of a period, samples. */
  packs(config: Config): Promise<Packs>;
  /** Opens refused stages again; undefined where the change is unknown. */
  retry(name: ChangeName, stage?: StageName): Promise<string[] | undefined>;
}

export interface JudgeOptions {
  readonly name?: ChangeName | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

const now = (): Date => new Date();

/** The trail in a database. */
export function trailOf(database: Database, dataFolder: string): Trail {
  const { db } = database;
  return {
    status: () => reportStatus(db),
    show: (name) => reportChange(db, name),
    setTrigger: (value) =>
      database.transaction(async (trx) => {
        await writeTrigger(trx, value, now());
        await noteAction(trx, { what: 'trigger', detail: { value } }, now());
      }),
    noteHook: (detail) => noteAction(db, { what: 'hook', detail: { hook: detail } }, now()),
    judge: async (config, { name, onProgress } = {}) => {
      const keeper = await keeperOf(database, config, dataFolder);
      const parts = { database, rulebook: rulebookOf(policyOf(config), product), keeper, now };
      if (name === undefined) return rejudgeAll(parts, onProgress);
      const change = await findChange(db, name);
      return change === undefined ? undefined : rejudge(parts, [change.id]);
    },
    keys: async (config) => reportKey(db, await keeperOf(database, config, dataFolder)),
    rotateKey: async (config) => {
      const keeper = await keeperOf(database, config, dataFolder);
      return rotateKey(database, keeper, keyOptionsOf(config, dataFolder), now());
    },
    packs: async (config) =>
      createPacks({ database, keeper: await keeperOf(database, config, dataFolder), now, product }),
    retry: (name, stage) => retryChange(database, name, stage, now()),
  };
}
