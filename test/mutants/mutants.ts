import { doorMutants } from './of-the-door.ts';
import { confluenceSetUpMutants } from './of-confluence-set-up.ts';
import { contributorMutants } from './of-contributors.ts';
import { approvalMutants } from './of-approvals.ts';
import { evidenceMutants } from './of-evidence.ts';
import { flowMutants } from './of-flow.ts';
import { faultMutants } from './of-faults.ts';
import { gitlabSetUpMutants } from './of-gitlab-set-up.ts';
import { headMutants } from './of-heads.ts';
import type { Mutant } from './mutant.ts';
import { keepingMutants } from './of-keeping.ts';
import { judgingMutants } from './of-judging.ts';
import { ledgerMutants } from './of-ledger.ts';
import { linearAndSlackSetUpMutants } from './of-linear-and-slack-set-up.ts';
import { nodeMutants } from './of-nodes.ts';
import { ownHostMutants } from './of-own-host.ts';
import { packMutants } from './of-packs.ts';
import { pageMutants } from './of-pages.ts';
import { recordMutants } from './of-records.ts';
import { rollingMutants } from './of-rolling.ts';
import { requestMutants } from './of-requests.ts';
import { routingMutants } from './of-routing.ts';
import { rowMutants } from './of-rows.ts';
import { summaryMutants } from './of-summaries.ts';
import { templateMutants } from './of-templates.ts';
import { rehearsalMutants } from './of-rehearsals.ts';
import { setUpFileMutants } from './of-set-up-files.ts';
import { setUpMutants } from './of-set-up.ts';
import { timestampMutants } from './of-timestamps.ts';
import { trailMutants } from './of-the-trail.ts';
import { verdictMutants } from './of-verdicts.ts';
import { verifierMutants } from './of-verifiers.ts';

/** Every sabotage, by what it is done to. */
export const mutants: readonly Mutant[] = [
  ...trailMutants,
  ...doorMutants,
  ...flowMutants,
  ...evidenceMutants,
  ...recordMutants,
  ...contributorMutants,
  ...approvalMutants,
  ...verdictMutants,
  ...judgingMutants,
  ...ledgerMutants,
  ...keepingMutants,
  ...headMutants,
  ...packMutants,
  ...verifierMutants,
  ...setUpMutants,
  ...setUpFileMutants,
  ...timestampMutants,
  ...templateMutants,
  ...summaryMutants,
  ...routingMutants,
  ...confluenceSetUpMutants,
  ...gitlabSetUpMutants,
  ...ownHostMutants,
  ...linearAndSlackSetUpMutants,
  ...rehearsalMutants,
  ...pageMutants,
  ...rowMutants,
  ...faultMutants,
  ...nodeMutants,
  ...rollingMutants,
  ...requestMutants,
];
