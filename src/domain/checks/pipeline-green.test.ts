import { expect, test } from 'vitest';
import type { Pipeline } from '../evidence.ts';
import { answerOf, strayReasons, type Case, type Given } from '../fixtures/judging.ts';
import { at, mergedAt, read, unread, version } from '../fixtures/record.ts';
import { pipelineGreen } from './pipeline-green.ts';

const cases: readonly Case[] = [
  ['its pipeline succeeded before the merge', {}, 'pass pipeline_succeeded'],
  [
    'it was merged in the instant in which the pipeline succeeded',
    pipeline({ updatedAt: at('14:13:26') }),
    'pass pipeline_succeeded',
  ],
  ['its pipeline failed', pipeline({ status: 'failed' }), 'fail pipeline_not_successful'],
  ['its pipeline was canceled', pipeline({ status: 'canceled' }), 'fail pipeline_not_successful'],
  ['its pipeline was skipped', pipeline({ status: 'skipped' }), 'fail pipeline_not_successful'],
  ['an earlier revision’s pipeline succeeded', pipeline({ sha: '0f0e' }), 'fail pipeline_of_another_revision'],
  [
    'a pipeline of the merged result succeeded, whose commit is no revision',
    pipeline({ sha: 'beef' }),
    'undetermined pipeline_of_unknown_commit',
  ],
  [
    'its pipeline was started only after the merge',
    pipeline({ createdAt: at('14:20:00'), updatedAt: at('14:30:00') }),
    'fail pipeline_after_merge',
  ],
  [
    'its pipeline succeeded, and changed after the merge',
    pipeline({ updatedAt: at('14:30:00') }),
    'undetermined pipeline_changed_after_merge',
  ],
  ['nothing says when its pipeline succeeded', pipeline({ updatedAt: null }), 'undetermined pipeline_end_unknown'],
  ['its pipeline was still running', pipeline({ status: 'running' }), 'undetermined pipeline_unfinished'],
  ['its pipeline waits for a person', pipeline({ status: 'manual' }), 'undetermined pipeline_unfinished'],
  [
    'no pipeline, where the policy asks for one',
    { mergeRequest: { headPipeline: null }, policy: { pipelines: 'required' } },
    'fail no_pipeline',
  ],
  [
    'no pipeline, where the policy asks for none',
    { mergeRequest: { headPipeline: null }, policy: { pipelines: 'optional' } },
    'undetermined no_pipeline',
  ],
  [
    'nothing says when it was merged',
    { event: { action: 'reconciled' }, mergeRequest: { mergedAt: null } },
    'undetermined merge_time_unknown',
  ],
  [
    'no version of the diff is from before the merge',
    { event: { action: 'reconciled' }, evidence: { versions: read([version(21, '1a2b', at('15:00:00'))]) } },
    'undetermined no_revision_before_merge',
  ],
  [
    'the head of the merge event is no version',
    { event: { headSha: 'dead' } },
    'undetermined head_not_among_revisions',
  ],
  ['event and versions disagree on the head', { event: { headSha: '0f0e' } }, 'undetermined head_disagrees'],
  [
    'a push and the merge in one instant, and no event tells the head',
    {
      event: { action: 'reconciled' },
      evidence: { versions: read([version(21, '0f0e', at('08:00:00')), version(22, '1a2b', mergedAt)]) },
    },
    'undetermined push_at_the_merge',
  ],
  [
    'the versions could not be read',
    { evidence: { versions: unread('forbidden') } },
    'undetermined versions_forbidden',
  ],
  [
    'the merge request could not be read',
    { evidence: { mergeRequest: unread('timeout') } },
    'undetermined merge_request_timeout',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(pipelineGreen, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(pipelineGreen, cases)).toEqual([]);
});

function pipeline(changes: Partial<Pipeline>): Given {
  const green = { id: 61, status: 'success', sha: '1a2b', createdAt: at('10:00:05'), updatedAt: at('10:20:00') };
  return { mergeRequest: { headPipeline: { ...green, ...changes } } };
}
