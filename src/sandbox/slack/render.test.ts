import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCalling, type Calling } from './calling.ts';
import { renderMessage, type Rendered } from './render.ts';
import { rewriteText } from './rewrite.ts';

function render(text: string): Rendered {
  return renderMessage({ text, blocks: null, linksNames: false });
}

describe('what readers see', () => {
  it.each([
    ['<!channel> done', ['@channel']],
    ['<!here|here> done', ['@here']],
    ['<@U0MLUND> done', ['U0MLUND']],
    ['<@U0MLUND|marit> done', ['U0MLUND']],
    ['<!subteam^S0SEC|@sec> done', ['S0SEC']],
    ['&lt;!channel&gt; done', []],
    ['@channel done', []],
    ['<!date^1777885200^{date}|May 4>', []],
    ['<#C0PAY|payments>', []],
    ['< !channel>', []],
  ])('%s calls %j', (text, mentions) => {
    expect(render(text).mentions).toEqual(mentions);
  });

  it('takes links apart and unescapes what is text', () => {
    const { plain, links, lines } = render(
      'Merged <https://gitlab.acme.example/a?b=1&amp;c=2|a &lt;b&gt; &amp; c> &amp; sealed',
    );
    expect(plain).toBe('Merged a <b> & c & sealed');
    expect(links).toEqual([{ url: 'https://gitlab.acme.example/a?b=1&c=2', text: 'a <b> & c' }]);
    expect(lines[0]?.map(({ kind }) => kind)).toEqual(['text', 'link', 'text']);
  });

  it('shows which words markup has styled', () => {
    expect(render('*Merged* and _sealed_, 2 * 3 * 4, snake_case_name, `code`').styled).toEqual([
      { style: 'bold', text: 'Merged' },
      { style: 'italic', text: 'sealed' },
      { style: 'code', text: 'code' },
    ]);
  });

  it('reads blocks instead of the text, yet counts mentions in both', () => {
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: '<!here> Review' } },
      { type: 'section', text: { type: 'mrkdwn', text: '<@U0MLUND>' }, fields: [{ type: 'mrkdwn', text: 'field' }] },
      { type: 'rich_text', elements: [{ type: 'broadcast', range: 'everyone' }] },
    ];
    const { plain, mentions } = renderMessage({ text: '<!channel>', blocks, linksNames: false });
    expect(plain).toBe('<!here> Review\n@U0MLUND\nfield');
    expect(mentions).toEqual(['U0MLUND', '@channel', '@everyone']);
  });
});

describe('what the server rewrites', () => {
  it.each([
    ['a & b', 'a &amp; b'],
    ['a &amp; b &lt;c&gt;', 'a &amp; b &lt;c&gt;'],
    ['1 < 2 > 0', '1 &lt; 2 &gt; 0'],
    ['see https://acme.example/x?a=1, now', 'see <https://acme.example/x?a=1>, now'],
    ['<https://acme.example|label> <@U1> <!here>', '<https://acme.example|label> <@U1> <!here>'],
    ['<b>bold</b>', '&lt;b&gt;bold&lt;/b&gt;'],
  ])('%s becomes %s', (text, rewritten) => {
    expect(rewriteText(text)).toBe(rewritten);
  });
});

describe('posted messages', () => {
  let sandbox: Calling;

  beforeEach(async () => {
    sandbox = await startCalling();
    sandbox.slack.createChannel({ name: 'payments', id: 'C0PAY' });
  });
  afterEach(() => sandbox.slack.close());

  it('are rendered, so that a test can see that nobody was called', async () => {
    const { call, slack } = sandbox;
    const text = 'Fix &lt;!channel&gt; by &lt;@U1&gt; <https://acme.example/1|!42>';
    await call('chat.postMessage', { channel: 'C0PAY', text, unfurl_links: false, unfurl_media: false });
    expect(slack.messages('payments')[0]).toMatchObject({
      unfurls: false,
      rendered: { plain: 'Fix <!channel> by <@U1> !42', mentions: [], links: [{ text: '!42' }] },
    });
  });

  it('call by plain names where the sender asked for that', async () => {
    const { call, slack } = sandbox;
    await call('chat.postMessage', { channel: 'C0PAY', text: 'Hello @here and mail@acme', link_names: true });
    await call('chat.postMessage', { channel: 'C0PAY', text: 'Hello @mlund', parse: 'full' });
    await call('chat.postMessage', { channel: 'C0PAY', text: 'Hello @here' });
    expect(slack.messages('C0PAY').map(({ rendered }) => rendered.mentions)).toEqual([['@here'], ['mlund'], []]);
  });

  it('come back rewritten, or as they were', async () => {
    const { call, slack } = sandbox;
    const given = { channel: 'C0PAY', text: 'A & B https://acme.example' };
    expect((await call('chat.postMessage', given)).body.message.text).toBe('A &amp; B <https://acme.example>');
    slack.switches.rewritesText = false;
    expect((await call('chat.postMessage', given)).body.message.text).toBe(given.text);
  });
});
