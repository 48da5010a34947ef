/** One sentence about a change that a model wrote. No part of record, verdict or flow. */
export interface Summary {
  readonly text: string;
  readonly model: string;
}
