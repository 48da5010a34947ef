import type { ConnectorError } from '../../connectors/errors.ts';
import type { SlackChannel, SlackInspector } from '../../connectors/slack/inspect.ts';
import { attempt } from './attempt.ts';

/** How the app stands to one channel. */
export type Standing =
  | { readonly kind: 'seen'; readonly channel: SlackChannel }
  /** No such channel, or a private one without the app. */
  | { readonly kind: 'unknown' }
  /** A scope is missing to look at it. Reading it may still tell whether the app is in it; null where not. */
  | { readonly kind: 'hidden'; readonly member: boolean | null }
  | { readonly kind: 'failed'; readonly error: ConnectorError };

// Slack lets about fifty channels be looked at in a minute; so many are listed in one go instead.
const mostSingly = 30;

/** Looks at each of these channels, as far as the token may. */
export async function readStandings(
  inspector: SlackInspector,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Standing>> {
  const listed = ids.length > mostSingly ? await attempt(inspector.listChannels()) : null;
  if (listed?.ok === false) return new Map(ids.map((id) => [id, { kind: 'failed', error: listed.error }]));
  const known = new Map((listed?.value ?? []).map((channel) => [channel.id, channel]));
  const standings = await Promise.all(
    ids.map(async (id): Promise<readonly [string, Standing]> => [id, await standingOf(inspector, id, known.get(id))]),
  );
  return new Map(standings);
}

async function standingOf(inspector: SlackInspector, id: string, listed: SlackChannel | undefined): Promise<Standing> {
  if (listed !== undefined) return withMembership(inspector, listed);
  const read = await attempt(inspector.readChannel(id));
  if (read.ok) return read.value === null ? { kind: 'unknown' } : withMembership(inspector, read.value);
  if (read.error.vendorCode !== 'missing_scope') return { kind: 'failed', error: read.error };
  return byReading(inspector, id);
}

async function withMembership(inspector: SlackInspector, channel: SlackChannel): Promise<Standing> {
  if (channel.member !== null) return { kind: 'seen', channel };
  const read = await byReading(inspector, channel.id);
  return read.kind === 'hidden' ? { kind: 'seen', channel: { ...channel, member: read.member } } : read;
}

/** Only a member may read, so that reading tells who is one. */
async function byReading(inspector: SlackInspector, id: string): Promise<Standing> {
  const read = await attempt(inspector.readBack(id));
  if (read.ok) return { kind: 'hidden', member: true };
  const { vendorCode } = read.error;
  if (vendorCode === 'not_in_channel') return { kind: 'hidden', member: false };
  if (vendorCode === 'channel_not_found') return { kind: 'unknown' };
  return vendorCode === 'missing_scope' ? { kind: 'hidden', member: null } : { kind: 'failed', error: read.error };
}
