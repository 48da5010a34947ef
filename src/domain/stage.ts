/**
 * The steps, in their order. A name is stored data: it is never renamed or moved without a migration that moves what
 * is in flight.
 */
export const stageNames = ['capture', 'seal', 'close-issue', 'add-row', 'confirm'] as const;

export type StageName = (typeof stageNames)[number];

/** The stage that a change enters when this one has ended, however it ended; undefined after the last. */
export function nextStage(stage: StageName): StageName | undefined {
  return stageNames[stageNames.indexOf(stage) + 1];
}
