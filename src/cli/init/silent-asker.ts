import type { Asker, Checked } from '../../setup/init/asker.ts';
import { CommandError } from '../errors.ts';
import { print, printError } from '../print.ts';
import { line } from '../terminal-text.ts';
import type { Given } from './given-answers.ts';

/** Answers from what was given, where nobody can be asked. What was not given is as it was offered, or an error. */
export function createSilentAsker(given: Given, noteMade: (what: string) => void): Asker {
  return {
    explain: () => undefined,
    tell: (text) => print(line(text)),
    made(what) {
      noteMade(what);
      print(line(`Made: ${what}`));
    },
    warn: (text) => printError(line(text)),

    async text({ id, initial, check }) {
      return held(id, await check(given.take(id) ?? initial ?? missing(`--${id}`)));
    },
    async secret({ variable, newHost, check }) {
      const value = given.secret(variable) ?? missing(variable);
      if (newHost !== undefined && !given.newAddress) withheld(variable, newHost);
      return held(variable, await check(value));
    },
    async choose({ id, options, initial }) {
      const value: string = given.take(id) ?? initial ?? missing(`--${id}`);
      return options.find((one) => one.value === value)?.value ?? none(id, value, options);
    },
    async chooseMany({ id, options, initial, needed }) {
      const values = given.takeList(id) ?? initial;
      if (values.length === 0 && needed === true) missing(`--${id}`);
      for (const value of values) if (!options.some((one) => one.value === value)) none(id, value, options);
      return values;
    },
    confirm: async ({ id, initial }) => given.takeFlag(id) ?? initial,
    during: (_what, run) => run(),
  };
}

function held<T>(what: string, result: Checked<T>): T {
  if (!result.ok)
    throw new CommandError(`${what}: ${result.problem.replace(/(?<![.?])$/, '.')} Nothing was written.`, 1);
  if (result.note !== undefined) print(`${what}: ${line(result.note)}`);
  return result.value;
}

function missing(what: string): never {
  throw new CommandError(`${what} is needed: nobody can be asked here. Nothing was written.`, 2);
}

function withheld(variable: string, host: string): never {
  const why = `${variable} was not sent to ${line(host)}: the file names another host`;
  throw new CommandError(`${why}. Add --new-address if it is for that one. Nothing was written.`, 2);
}

function none(id: string, value: string, options: readonly { value: string }[]): never {
  const there = options
    .slice(0, 10)
    .map((one) => one.value)
    .join(', ');
  throw new CommandError(`--${id}: ${line(value)} is not there. There are: ${line(there)}. Nothing was written.`, 1);
}
