import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import { policyOf } from '../config/policy.ts';
import { isConnectorError } from '../connectors/errors.ts';
import { createFindChange } from '../connectors/gitlab/find-change.ts';
import { createListMerged, type ListedPlace } from '../connectors/gitlab/list-merged.ts';
import { instanceOf } from '../domain/change.ts';
import type { ChangeName } from '../domain/name.ts';
import type { Summary } from '../domain/summary.ts';
import { readable } from '../domain/text.ts';
import { rulebookOf } from '../workflow/judge-records.ts';
import { backtest, type BacktestRequest } from '../workflow/rehearse/backtest.ts';
import { findTarget, type NoTarget } from '../workflow/rehearse/find-target.ts';
import { createPatience } from '../workflow/rehearse/patience.ts';
import { readTarget, readTickets, type ReadChange } from '../workflow/rehearse/read-change.ts';
import { rehearseChange } from '../workflow/rehearse/rehearse-change.ts';
import { reportBacktest, type BacktestReport } from '../workflow/rehearse/report-backtest.ts';
import { reportRehearsal, type TryReport } from '../workflow/rehearse/report-rehearsal.ts';
import { createClients } from './clients.ts';
import { product } from './product.ts';
import { filterOf } from './settings.ts';
import { summariesOf } from './summaries.ts';

export type { ListedPlace } from '../connectors/gitlab/list-merged.ts';
export { isComplete, type BacktestReport } from '../workflow/rehearse/report-backtest.ts';
export type { TryReport } from '../workflow/rehearse/report-rehearsal.ts';

/** The pipeline's code on what has been merged already, by clients that refuse to write: no database, no key, no effect. */
export interface Rehearsals {
  /** The clients that do the looking. */
  readonly clients: ReturnType<typeof createClients>;
  try(name: ChangeName): Promise<Tried>;
  /** Takes the groups and projects of the configuration where no places are given. */
  backtest(
    request: Omit<BacktestRequest, 'places'> & { readonly places?: readonly ListedPlace[] },
  ): Promise<BacktestReport>;
}

export type Tried =
  | { readonly kind: 'shown'; readonly report: TryReport }
  | { readonly kind: 'none'; readonly code: NoTarget; readonly message: string };

export interface RehearsalOptions {
  readonly now?: () => Date;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** Hears how long everything waits, because a vendor asked for it. */
  readonly onWait?: (seconds: number) => void;
}

/** Connects to the vendors of a configuration for looking, and for nothing else. */
export function openRehearsals(config: Config, options: RehearsalOptions = {}): Rehearsals {
  const { now = () => new Date(), sleep = pause, onWait } = options;
  const clients = createClients(config, { readOnly: true });
  const { gitlab } = config;
  const gitlabOptions = { url: gitlab.url, token: gitlab.token.reveal(), readOnly: true, now };
  const patience = createPatience({
    now,
    sleep: async (ms) => void (await sleep(ms)),
    ...(onWait === undefined ? {} : { onWait }),
  });
  const parts = {
    ...clients,
    instance: instanceOf(gitlab.url),
    filter: filterOf(config),
    rulebook: rulebookOf(policyOf(config), product),
    now,
  };
  const findChange = createFindChange(gitlabOptions);

  return {
    clients,
    async try(name) {
      const sought = await patience(() => findTarget({ findChange, gitlabUrl: gitlab.url }, name));
      if (sought.kind === 'none') return sought;
      const read = await patience(() => readTarget(parts, sought.target));
      const [tickets, page, written] = await Promise.all([
        readTickets(parts, [read], patience),
        locatePage(config, clients),
        previewSummary(config, read, now),
      ]);
      const ticket = tickets.get(read.change.id) ?? { kind: 'none' };
      const rehearsed = await rehearseChange(parts, read, { ticket, rowUrl: page.url, summary: written.summary });
      const moved =
        sought.movedFrom === null
          ? []
          : [`${readable(sought.movedFrom, 200)} is called ${readable(sought.target.project.path, 200)} now.`];
      return {
        kind: 'shown',
        report: reportRehearsal(rehearsed, written.summary, [...moved, ...page.notes, ...written.notes]),
      };
    },

    async backtest({ places, ...request }) {
      const listMerged = createListMerged(gitlabOptions);
      const chosen = places ?? placesOf(gitlab);
      return reportBacktest(await backtest({ ...parts, listMerged, patience }, { ...request, places: chosen }));
    },
  };
}

/** Groups and projects, by their paths, as what is listed. */
export function placesOf({ groups, projects }: Pick<Config['gitlab'], 'groups' | 'projects'>): ListedPlace[] {
  return [
    ...groups.map((path): ListedPlace => ({ kind: 'group', path })),
    ...projects.map((path): ListedPlace => ({ kind: 'project', path })),
  ];
}

// A model is asked as it would be for the row, and what it says is kept nowhere.
async function previewSummary(
  config: Config,
  { change: { key }, outOfScope }: Pick<ReadChange, 'change' | 'outOfScope'>,
  now: () => Date,
): Promise<{ readonly summary: Summary | null; readonly notes: readonly string[] }> {
  const summaries = summariesOf(config, { log: { warn: () => undefined }, now });
  if (summaries === null) return { summary: null, notes: [] };
  // What would not have been taken up would never have left the house either.
  if (outOfScope !== null) return { summary: null, notes: ['No model was asked for a summary: it is not in scope.'] };
  const { model, text, reason, detail } = await summaries.preview(key);
  if (text !== null) return { summary: { text, model }, notes: [] };
  const why = detail === null ? '' : `: ${readable(detail, 300)}`;
  return { summary: null, notes: [`The model wrote no summary (${reason ?? 'error'})${why}`] };
}

// Where the row would stand: a page of a title that is missing would be made.
async function locatePage(
  { confluence }: Config,
  clients: Pick<ReturnType<typeof createClients>, 'confluence' | 'page'>,
): Promise<{ readonly url: string | null; readonly notes: readonly string[] }> {
  try {
    const { url } = await clients.confluence.locatePage(clients.page, { create: false });
    return { url, notes: [] };
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    if (error.code === 'not_found' && !('pageId' in clients.page)) {
      return { url: confluence.url, notes: ['The audit page is not there yet: it is made with the first row.'] };
    }
    return { url: null, notes: [`The audit page cannot be read, so no row could be written: ${error.message}`] };
  }
}
