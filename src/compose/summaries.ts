import { takeApart } from '../config/sections/summary.ts';
import type { Config } from '../config/config.ts';
import { createSummaryReader } from '../connectors/gitlab/summary-material.ts';
import { createSummariser } from '../connectors/summariser/client.ts';
import type { Log } from '../workflow/run-stage.ts';
import { createSummaries, type Summaries } from '../workflow/summaries.ts';

/** Has summaries written by the configured model; null where there is none, and nothing of one is loaded. */
export function summariesOf(
  { gitlab, summary }: Config,
  { log, now }: { readonly log: Pick<Log, 'warn'>; readonly now: () => Date },
): Summaries | null {
  const { model, url, key, prompt, stream, pricePerMillion, timeoutSeconds } = summary;
  if (model === null) return null;
  const named = url === null ? takeApart(model) : ({ provider: 'compatible', name: model, url } as const);
  // The configuration has been checked: a model without an address names its provider.
  if (named === undefined) return null;
  return createSummaries({
    summariser: createSummariser({
      model: { ...named, key: key?.reveal() ?? null },
      shownAs: model,
      stream,
      ...(prompt === null ? {} : { instructions: prompt.text }),
      ...(pricePerMillion === null ? {} : { price: pricePerMillion }),
    }),
    gitlab: createSummaryReader({ url: gitlab.url, token: gitlab.token.reveal() }),
    timeoutMs: timeoutSeconds * 1000,
    now,
    log,
  });
}
