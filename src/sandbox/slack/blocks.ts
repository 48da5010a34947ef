import { refuse } from './answers.ts';
import type { Structure } from './arguments.ts';
import type { Block } from './records.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Notes what is wrong, and where, as Slack does in `response_metadata.messages`. */
type Report = (problem: string, pointer: string) => void;

const mostBlocks = 50;
const longestMarkdown = 12_000;

/** Reads blocks: undefined where there are none, refused where Block Kit would not take them. */
export function readBlocks(given: Structure, characterLimit: number): readonly Block[] | undefined {
  if (given.kind === 'absent') return undefined;
  if (given.kind === 'unreadable' || !Array.isArray(given.value))
    throw refuse('invalid_blocks_format', 'slack 3 blocks');
  const blocks: unknown[] = given.value;
  const messages: string[] = [];
  const report: Report = (problem, pointer) => messages.push(`[ERROR] ${problem} [json-pointer:${pointer}]`);

  if (blocks.length > mostBlocks) report(`no more than ${mostBlocks} items allowed`, '/blocks');
  for (const [index, block] of blocks.entries()) checkBlock(block, `/blocks/${index}`, report);
  checkTogether(blocks.filter(isObject), report);
  if (messages.length > 0) throw refuse('invalid_blocks', 'slack 3 blocks', messages);
  if (countCharacters(blocks) >= characterLimit) {
    throw refuse('msg_blocks_too_long', 'slack 3 blocks too long in total');
  }
  return blocks as Block[];
}

const allowed: Readonly<Record<string, readonly string[]>> = {
  section: ['text', 'fields', 'accessory', 'expand'],
  header: ['text'],
  divider: [],
  context: ['elements'],
  actions: ['elements'],
  image: ['image_url', 'slack_file', 'alt_text', 'title'],
  markdown: ['text'],
  rich_text: ['elements'],
};

function checkBlock(block: unknown, at: string, report: Report): void {
  if (!isObject(block)) return report('must provide an object', at);
  const type = String(block['type']);
  const known = allowed[type];
  if (known === undefined) return report(`unsupported type: ${type}`, `${at}/type`);
  checkNames(block, ['type', 'block_id', ...known], at, report);
  const id = block['block_id'];
  if (id !== undefined && (typeof id !== 'string' || id.length > 255)) {
    report('must be no more than 255 characters', `${at}/block_id`);
  }
  checks[type]?.(block, at, report);
}

const checks: Readonly<Record<string, (block: Fields, at: string, report: Report) => void>> = {
  section(block, at, report) {
    const { text, fields } = block;
    if (text === undefined && fields === undefined) report('must define either `text` or `fields`', at);
    if (text !== undefined) checkText(text, `${at}/text`, report, 3000);
    if (fields === undefined) return;
    const list = checkList(fields, `${at}/fields`, report, 10);
    for (const [index, field] of list.entries()) checkText(field, `${at}/fields/${index}`, report, 2000);
  },
  header(block, at, report) {
    checkText(block['text'], `${at}/text`, report, 150, ['plain_text']);
  },
  context(block, at, report) {
    for (const [index, element] of checkList(block['elements'], `${at}/elements`, report, 10).entries()) {
      const here = `${at}/elements/${index}`;
      if (isObject(element) && element['type'] === 'image') checkImage(element, here, report);
      else checkText(element, here, report, 3000);
    }
  },
  actions(block, at, report) {
    checkList(block['elements'], `${at}/elements`, report, 25);
  },
  image: checkImage,
  markdown(block, at, report) {
    const { text } = block;
    if (typeof text !== 'string' || text === '') report('must be more than 0 characters', `${at}/text`);
  },
  rich_text(block, at, report) {
    checkList(block['elements'], `${at}/elements`, report, 1000);
  },
};

function checkImage(image: Fields, at: string, report: Report): void {
  if (typeof image['alt_text'] !== 'string') report('missing required field: alt_text', at);
  if (typeof image['image_url'] !== 'string' && !isObject(image['slack_file'])) {
    report('must define either `image_url` or `slack_file`', at);
  }
}

function checkText(
  text: unknown,
  at: string,
  report: Report,
  longest: number,
  types: readonly string[] = ['plain_text', 'mrkdwn'],
): void {
  if (!isObject(text)) return report('must provide an object', at);
  const type = String(text['type']);
  if (!types.includes(type)) return report(`unsupported type: ${type}`, `${at}/type`);
  checkNames(text, ['type', 'text', type === 'mrkdwn' ? 'verbatim' : 'emoji'], at, report);
  const value = text['text'];
  if (typeof value !== 'string' || value === '') return report('must be more than 0 characters', `${at}/text`);
  if (value.length > longest) report(`must be less than ${longest + 1} characters`, `${at}/text`);
}

function checkList(value: unknown, at: string, report: Report, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) {
    report('must provide a list with at least one item', at);
    return [];
  }
  if (value.length > most) report(`no more than ${most} items allowed`, at);
  return value;
}

function checkNames(object: Fields, names: readonly string[], at: string, report: Report): void {
  for (const name of Object.keys(object)) {
    if (!names.includes(name)) report(`invalid additional property: ${name}`, at);
  }
}

// Ids are unique in a message, and its markdown blocks share one limit.
function checkTogether(blocks: readonly Fields[], report: Report): void {
  const ids = blocks.flatMap(({ block_id: id }) => (typeof id === 'string' ? [id] : []));
  if (new Set(ids).size < ids.length) report('block_id must be unique', '/blocks');
  const markdown = blocks.filter(({ type }) => type === 'markdown').map(({ text }) => String(text).length);
  if (markdown.reduce((sum, length) => sum + length, 0) > longestMarkdown) {
    report(`markdown must be no more than ${longestMarkdown} characters in total`, '/blocks');
  }
}

/** The characters of every text in blocks. */
function countCharacters(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + countCharacters(each), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, each]) => sum + (typeof each === 'string' && name === 'text' ? each.length : countCharacters(each)),
    0,
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
