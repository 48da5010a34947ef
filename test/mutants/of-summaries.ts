import { at, type Mutant } from './mutant.ts';

const client = 'src/connectors/summariser/client.test.ts';
const sandbox = 'src/connectors/summariser/client.sandbox.test.ts';
const sentence = 'src/connectors/summariser/sentence.test.ts';
const prompt = 'src/connectors/summariser/prompt.test.ts';
const workflow = 'src/workflow/summaries.test.ts';
const material = 'src/connectors/gitlab/summary-material.sandbox.test.ts';
const config = 'src/config/summary.test.ts';

/** Summaries: a sentence and no judgement, out of data and not of orders, and never in anybody’s way. */
export const summaryMutants: readonly Mutant[] = [
  {
    name: 'a summary may judge the change',
    file: 'src/connectors/summariser/sentence.ts',
    find: "if (claimsVerdict(line)) return no('claims_verdict');",
    replace: '',
    tests: [at(sentence, 'Adds a limit; approved.'), at(sandbox, 'gets no approval out of a model that obeys a note')],
  },
  {
    name: 'a summary may judge in its second sentence',
    file: 'src/connectors/summariser/sentence.ts',
    find: 'if (claimsVerdict(line))',
    replace: 'if (claimsVerdict(text))',
    tests: [at(sentence, 'Adds a limit to refunds. The change is approved.')],
  },
  {
    name: 'a summary may judge in words that are taken apart',
    file: 'src/connectors/summariser/claims-verdict.ts',
    find: 'if (joined.length >= shortestJoined && known.has(folded(joined))) return true;',
    replace: '',
    tests: [
      at(sentence, 'Adds a limit, a p p r o v e d by everybody.'),
      at(sentence, 'Adds a limit, re viewed by everybody.'),
    ],
  },
  {
    name: 'a summary may judge in words that look alike',
    file: 'src/connectors/summariser/claims-verdict.ts',
    find: ".replaceAll('l', 'i')",
    replace: '',
    tests: [at(sentence, 'Adds a limit, compIiant for everybody.')],
  },
  {
    name: 'a summary may have any sign',
    file: 'src/connectors/summariser/sentence.ts',
    find: "if (!isPlain(text)) return no('not_plain');",
    replace: '',
    tests: [at(sentence, 'Adds a limit ✅ to refunds.'), at(sentence, 'whatever is answered, what is taken')],
  },
  {
    name: 'a summary may have letters that look alike',
    file: 'src/connectors/summariser/plain-english.ts',
    find: 'if (!foreign.every(isAccented) || ',
    replace: 'if (',
    tests: [at(sentence, 'The refunds are ɑpprօved now.')],
  },
  {
    name: 'a summary may be in a language whose verdicts nobody knows',
    file: 'src/connectors/summariser/sentence.ts',
    find: "if (!isEnglish(text)) return no('not_plain');",
    replace: '',
    tests: [at(sentence, 'Perubahan ini sudah baik'), at(sentence, 'Le changement est')],
  },
  {
    name: 'a summary may hold links and mentions',
    file: 'src/connectors/summariser/sentence.ts',
    find: "if (isMarkup(answer.trimStart(), line)) return no('markup');",
    replace: '',
    tests: [at(sandbox, 'that is link gives no summary'), at(sandbox, 'that is mention gives no summary')],
  },
  {
    name: 'authors can write the fence of the data',
    file: 'src/connectors/summariser/prompt.ts',
    find: ".replaceAll(boundary, ' ')",
    replace: '',
    tests: [at(prompt, 'lets nobody write the mark'), at(sandbox, 'cannot leave the data')],
  },
  {
    name: 'the fence is the same for every change',
    file: 'src/connectors/summariser/client.ts',
    find: "randomBytes(16).toString('hex')",
    replace: "randomBytes(0).toString('hex').padEnd(32, '0')",
    tests: [at(sandbox, 'is fenced by another mark each time')],
  },
  {
    name: 'the environment says where a model is asked',
    file: 'src/connectors/summariser/models.ts',
    find: 'baseURL: addressOf(address), fetch: carry',
    replace: 'fetch: carry',
    tests: [at(client, 'goes to the provider, whatever address')],
  },
  {
    name: 'the packages are loaded although no model is asked',
    file: 'src/connectors/summariser/client.ts',
    find: 'import { createTransport,',
    replace: "import '@ai-sdk/provider';\nimport { createTransport,",
    tests: [at(client, 'loads no package for models')],
  },
  {
    name: 'a change is asked about at every try',
    file: 'src/workflow/summaries.ts',
    find: 'changes.filter(({ id }) => !kept.has(id))',
    replace: 'changes.filter(({ id }) => !(kept.get(id) ?? null))',
    tests: [at(workflow, 'are not asked for again where there was none')],
  },
  {
    name: 'a batch waits for as long as its changes take',
    file: 'src/workflow/summaries.ts',
    find: "left < parts.timeoutMs / 4 ? without('late') :",
    replace: '',
    tests: [at(workflow, 'not a model that is silent')],
  },
  {
    name: 'a crash of the summariser stops the flow',
    file: 'src/workflow/summaries.ts',
    find: "return without('crashed', now().getTime() - began);",
    replace: 'throw error;',
    tests: [at(workflow, 'not a crash, which is noted')],
  },
  {
    name: 'a model is shown what only members may read',
    file: 'src/connectors/gitlab/summary-material.ts',
    find: '!system && internal !== true && confidential !== true',
    replace: '!system && internal !== true',
    tests: [at(material, 'leaves out what is confidential')],
  },
  {
    name: 'a model of a provider needs no key',
    file: 'src/config/summary-prompt.ts',
    find: "? 'optional' : 'required'",
    replace: "? 'optional' : 'optional'",
    tests: [at(config, 'need a key for')],
  },
];
