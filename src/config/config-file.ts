import { z } from 'zod';
import { orNothing } from './fields.ts';
import { Confluence } from './sections/confluence.ts';
import { Emergency } from './sections/emergency.ts';
import { Filter } from './sections/filter.ts';
import { GitLab } from './sections/gitlab.ts';
import { Message, Row } from './sections/layout.ts';
import { Ledger, Retention } from './sections/ledger.ts';
import { Linear } from './sections/linear.ts';
import { Identities, Operators, Projects, SignIn } from './sections/people.ts';
import { Policy } from './sections/policy.ts';
import { Server } from './sections/server.ts';
import { Slack } from './sections/slack.ts';
import { Summary } from './sections/summary.ts';

/** Everything that stands in `countersign.yaml`, with its defaults. */
export const ConfigFile = z
  .strictObject({
    gitlab: GitLab,
    filter: Filter.prefault({}),
    linear: Linear.prefault({}),
    confluence: Confluence,
    slack: Slack,
    summary: Summary.prefault({}),
    server: Server,
    identities: Identities.default([]),
    policy: Policy.prefault({}),
    emergency: Emergency.prefault({}),
    operators: Operators.prefault({}),
    sign_in: orNothing(SignIn).default(null),
    ledger: Ledger.prefault({}),
    retention: Retention.prefault({}),
    row: Row.prefault({}),
    message: Message.prefault({}),
    projects: Projects.default([]),
  })
  .transform(({ sign_in, ledger, ...sections }) => ({
    ...sections,
    signIn: sign_in,
    ledger: {
      ...ledger,
      isNamed: ledger.origin !== null,
      origin: ledger.origin ?? `${new URL(sections.server.publicUrl).host}/log`,
    },
  }));

export type ConfigFile = z.infer<typeof ConfigFile>;
