/** Why a change has no summary. Stored data: a code never changes its meaning. */
export type NoSummary =
  | 'timeout' // the model, or GitLab before it, took too long
  | 'late' // not asked: others of the same batch had used up the time
  | 'unreachable' // its server could not be reached
  | 'unauthorized' // the key is wrong, or may not use the model
  | 'rate_limited'
  | 'error' // any other answer that says no, or that cannot be read
  | 'refused' // the model, or a filter before it, would not answer
  | 'empty'
  | 'nonsense' // no sentence: data, repetition
  | 'too_long' // no end of a sentence within the limit
  | 'markup' // tags, tables, lists, links or mentions
  | 'not_plain' // symbols, other scripts, addresses, ids, or another language than English
  | 'claims_verdict' // it reads as if it judged the change
  | 'no_material' // not asked: GitLab showed nothing of the change
  | 'crashed'; // our own fault
