import { askConfluence } from './ask-confluence.ts';
import { askGitLab } from './ask-gitlab.ts';
import { askLinear } from './ask-linear.ts';
import { askServer } from './ask-server.ts';
import { askSlack, type Pod } from './ask-slack.ts';
import { askSummary } from './ask-summary.ts';
import type { Asker } from './asker.ts';
import { emptyDraft, joined, type Draft, type Known } from './draft.ts';

/** The parts of the set-up, in the order in which they are gone through. */
export const initParts = ['gitlab', 'linear', 'confluence', 'slack', 'summary', 'server'] as const;

export type InitPart = (typeof initParts)[number];

/** The keys that a part may change. */
export const keysOf: Readonly<Record<InitPart, readonly string[]>> = {
  gitlab: ['gitlab.url', 'gitlab.groups', 'gitlab.projects', 'filter.labels'],
  linear: ['linear.url', 'linear.audited_label', 'linear.completed_state', 'linear.teams'],
  confluence: ['confluence.url', 'confluence.api', 'confluence.page_id', 'confluence.space', 'confluence.title'],
  slack: ['slack.url', 'slack.fallback_channel', 'slack.pods'],
  summary: ['summary.model'],
  server: ['server.public_url', 'server.listen'],
};

/** Goes through parts of the set-up, each answer checked as it is given. Writes nothing here: it returns what holds. */
export async function askParts(
  asker: Asker,
  known: Known,
  parts: readonly InitPart[],
  { random, pods }: { readonly random: (size: number) => Buffer; readonly pods: readonly Pod[] },
): Promise<Draft> {
  let draft = emptyDraft;
  let labels: readonly string[] = [];
  for (const part of initParts) {
    if (!parts.includes(part)) continue;
    if (part === 'gitlab') {
      const answers = await askGitLab(asker, known, random);
      labels = answers.labels;
      draft = joined(draft, answers.draft);
    } else draft = joined(draft, await others[part](asker, known, labels, pods));
  }
  return draft;
}

type AskPart = (asker: Asker, known: Known, labels: readonly string[], pods: readonly Pod[]) => Promise<Draft>;

const others: Readonly<Record<Exclude<InitPart, 'gitlab'>, AskPart>> = {
  linear: askLinear,
  confluence: askConfluence,
  slack: askSlack,
  summary: askSummary,
  server: askServer,
};
