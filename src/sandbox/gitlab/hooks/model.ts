import type { Time } from '../model.ts';

/** What a hook hangs on. */
export type HookScope =
  | { readonly kind: 'project' | 'group'; readonly id: number }
  | { readonly kind: 'system'; readonly id: 0 };

export const hookEvents = [
  'push_events',
  'tag_push_events',
  'issues_events',
  'confidential_issues_events',
  'merge_requests_events',
  'note_events',
  'confidential_note_events',
  'job_events',
  'pipeline_events',
  'wiki_page_events',
  'deployment_events',
  'releases_events',
  'emoji_events',
  'resource_access_token_events',
] as const;
export type HookEventName = (typeof hookEvents)[number];

export const branchFilterStrategies = ['wildcard', 'regex', 'all_branches'] as const;

/** A webhook as its owner has set it up. */
export interface HookSettings {
  url: string;
  name: string | null;
  description: string | null;
  token: string | null;
  signingToken: string | null;
  readonly events: Record<HookEventName, boolean>;
  sslVerification: boolean;
  branchFilter: string | null;
  branchFilterStrategy: (typeof branchFilterStrategies)[number];
  template: string | null;
}

export interface Hook extends HookSettings {
  readonly id: number;
  readonly scope: HookScope;
  readonly createdAt: Time;
  readonly customHeaders: Map<string, string>;
  readonly urlVariables: Map<string, string>;
  /** Consecutive failures. */
  failures: number;
  /** Epoch milliseconds until which nothing is sent. */
  disabledUntil: number | null;
  readonly log: Delivery[];
}

/** One request that was made to a hook's address, as the delivery log keeps it. */
export interface Delivery {
  readonly id: number;
  readonly hookId: number;
  readonly at: Time;
  readonly url: string;
  readonly trigger: string;
  readonly idempotencyKey: string;
  readonly timestamp: number;
  readonly eventHeader: string;
  readonly eventUuid: string;
  readonly body: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
  /** `"200"`, or `"internal error"` where there was no answer. */
  readonly responseStatus: string;
  readonly seconds: number;
}
