import {
  autocomplete,
  autocompleteMultiselect,
  type CANCEL_SYMBOL,
  confirm,
  isCancel,
  log,
  note,
  password,
  select,
  spinner,
  text,
} from '@clack/prompts';
import type { Asker, Checked } from '../../setup/init/asker.ts';
import type { Given } from './given-answers.ts';
import { CommandError } from '../errors.ts';
import { line } from '../terminal-text.ts';

const listedAtOnce = 12;
const manyOptions = 8;

/** Asks on a terminal. What was given on the command line is checked and not asked. */
export function createTerminalAsker(given: Given, noteMade: (what: string) => void): Asker {
  return {
    explain: (title, lines) => note(lines.join('\n'), title, { format: (text) => text }),
    tell: (text) => log.success(line(text)),
    made(what) {
      noteMade(what);
      log.success(line(`Made: ${what}`));
    },
    warn: (text) => log.warn(line(text)),

    async text({ id, ask, initial, example, check }) {
      let offered = initial;
      for (let value = given.take(id); ; value = undefined) {
        const typed =
          value ??
          answered(
            await text({
              message: ask,
              ...(offered === undefined ? {} : { initialValue: offered }),
              ...(example === undefined ? {} : { placeholder: example }),
            }),
          ) ??
          '';
        const result = await during('Checking', () => check(typed));
        if (result.ok) return said(result);
        log.error(line(result.problem));
        offered = typed;
      }
    },

    async secret({ id, variable, ask, newHost, check }) {
      const there = await offered(given, variable, newHost);
      if (there !== undefined) {
        const kept = await during(`Checking ${variable}, which is set`, () => check(there));
        if (kept.ok) return said(kept);
        log.error(`${variable} is set, and does not hold: ${line(kept.problem)}`);
      }
      for (;;) {
        const typed = (answered(await password({ message: ask, mask: '•' })) ?? '').trim();
        if (typed === '') {
          log.error(`Paste it here, or leave with Ctrl-C and set ${variable}; nothing is shown (${id})`);
          continue;
        }
        const result = await during('Checking', () => check(typed));
        if (result.ok) return said(result);
        log.error(line(result.problem));
      }
    },

    async choose({ id, ask, options, initial }) {
      const value = given.take(id);
      const named = options.find((one) => one.value === value);
      if (value !== undefined && named !== undefined) return named.value;
      if (value !== undefined) log.error(`${line(value)} is none of the choices for --${id}`);
      const shown = { message: ask, options: options.map(shownOption), maxItems: listedAtOnce };
      const begin: { initialValue?: string } = initial === undefined ? {} : { initialValue: initial };
      const chosen = answered(
        options.length > manyOptions
          ? await autocomplete({ ...shown, ...begin })
          : await select({ ...shown, ...begin }),
      );
      return options.find((one) => one.value === chosen)!.value;
    },

    async chooseMany({ id, ask, options, initial, needed }) {
      const value = given.takeList(id);
      const unknown = value?.filter((one) => !options.some((option) => option.value === one)) ?? [];
      if (value !== undefined && unknown.length === 0) return value;
      if (unknown.length > 0) log.error(`${line(unknown.join(', '))}: none of the choices for --${id}`);
      return answered(
        await autocompleteMultiselect({
          message: ask,
          options: options.map(shownOption),
          initialValues: [...initial],
          required: needed === true,
          maxItems: listedAtOnce,
        }),
      );
    },

    async confirm({ id, ask, initial }) {
      return given.takeFlag(id) ?? answered(await confirm({ message: ask, initialValue: initial }));
    },

    during,
  };
}

// A secret that is set was meant for the host that the file names.
async function offered(given: Given, variable: string, newHost: string | undefined): Promise<string | undefined> {
  const there = given.secret(variable);
  if (there === undefined || newHost === undefined || given.newAddress) return there;
  const message = `The file names another host. Send ${variable}, which is set, to ${line(newHost)}?`;
  return answered(await confirm({ message, initialValue: false })) ? there : undefined;
}

function answered<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (!isCancel(answer)) return answer;
  throw new CommandError('Stopped. Nothing was written.', 1);
}

function said<T>({ value, note: remark }: Extract<Checked<T>, { ok: true }>): T {
  if (remark !== undefined) log.success(line(remark));
  return value;
}

function shownOption({ value, label, hint }: { value: string; label: string; hint?: string | undefined }) {
  // Names come from vendors, and a terminal obeys what is in them.
  return { value, label: line(label), ...(hint === undefined || hint === '' ? {} : { hint: line(hint) }) };
}

async function during<T>(what: string, run: () => Promise<T>): Promise<T> {
  const shown = spinner();
  shown.start(what);
  try {
    return await run();
  } finally {
    shown.clear();
  }
}
