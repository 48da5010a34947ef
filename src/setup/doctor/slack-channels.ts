import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { isPassing, tryAgain } from './attempt.ts';
import { nameList } from './name-list.ts';
import type { Standing } from './slack-standing.ts';

/** A channel of the configuration. */
export interface Place {
  readonly id: string;
  /** For what it is configured: `of the pod payments`. */
  readonly use: string;
  readonly standing: Standing;
}

/** What a channel is judged by, besides how it stands. */
export interface Judging {
  /** The name by which the app is invited. */
  readonly bot: string;
  /** Whether the app may post to public channels that it is not in. */
  readonly postsAnywhere: boolean;
  /** The key of the configuration that names the channels. */
  readonly key: string;
  /** What is lost where nothing can be posted. */
  readonly cost: string;
}

interface Problem {
  readonly status: 'fail' | 'warn';
  readonly message: string;
  readonly fix: string;
}

/** Whether confirmations can stand in these channels; nothing where none of them could be looked at. */
export function checkPlaces(id: string, places: readonly Place[], judging: Judging): Check[] {
  const told = places.filter(({ standing }) => standing.kind !== 'hidden' || standing.member !== null);
  if (told.length === 0) return [];
  const problems = told.flatMap((place) => problemsOf(place, judging));
  if (problems.length === 0) return [fine(id, `The app is in ${nameList(told.map(nameOf))}`)];
  const fails = problems.some(({ status }) => status === 'fail');
  const message = problems.map((problem) => problem.message).join('; ');
  const fix = [...new Set(problems.map((problem) => problem.fix))].join('; ');
  return [fails ? failure(id, `${message}. ${judging.cost}`, fix) : warning(id, message, fix)];
}

function problemsOf(place: Place, judging: Judging): Problem[] {
  const { id, use, standing } = place;
  const { bot, key } = judging;
  if (standing.kind === 'failed') {
    const fix = isPassing(standing.error)
      ? tryAgain(standing.error)
      : `Check ${key}, and the app’s access to the channel`;
    return [fail(`The channel ${id} ${use} could not be looked at: ${standing.error.message}`, fix)];
  }
  if (standing.kind === 'unknown') {
    return [
      fail(
        `The channel ${id} ${use} is not there, or is private and the app is not in it`,
        `Check the id in ${key} (in Slack at the end of the channel’s details), and type /invite @${bot} in a private channel`,
      ),
    ];
  }
  if (standing.kind === 'hidden') return standing.member === false ? [outside(place, judging, false)] : [];
  const { channel } = standing;
  if (channel.archived) {
    return [
      fail(`${nameOf(place)} ${use} is archived`, `Unarchive ${nameOf(place)}, or name another channel in ${key}`),
    ];
  }
  return [
    ...(channel.member === false ? [outside(place, judging, !channel.private && judging.postsAnywhere)] : []),
    ...(channel.external ? [shared(place, judging)] : []),
  ];
}

function outside(place: Place, { bot }: Judging, mayPost: boolean): Problem {
  const name = nameOf(place);
  const fix = `Type /invite @${bot} in ${name}`;
  if (!mayPost) return fail(`The app is not in ${name} ${place.use}`, fix);
  const message =
    `The app is not in ${name} ${place.use}: it may post there and not read, so that a confirmation whose outcome is ` +
    'unknown waits for a person';
  return { status: 'warn', message, fix };
}

function shared(place: Place, { key }: Judging): Problem {
  const message =
    `${nameOf(place)} ${place.use} is shared with another company: its people read which security changes were merged, ` +
    'and how the review was judged';
  return { status: 'warn', message, fix: `Name a channel in ${key} that nobody outside reads` };
}

function fail(message: string, fix: string): Problem {
  return { status: 'fail', message, fix };
}

function nameOf({ id, standing }: Place): string {
  return standing.kind === 'seen' ? `#${readable(standing.channel.name, 80)}` : id;
}
