import { listOf } from '../../setup/init/checking.ts';

/** Answers that were given before anything was asked: flags, and secrets that are set. Each is taken once. */
export interface Given {
  take(id: string): string | undefined;
  takeList(id: string): readonly string[] | undefined;
  takeFlag(id: string): boolean | undefined;
  secret(variable: string): string | undefined;
  /** True where secrets that are set may go to hosts that the file does not name. */
  readonly newAddress: boolean;
}

/** Answers from flags by their names, and secrets by their variables. */
export function givenAnswers(
  flags: Readonly<Record<string, unknown>>,
  secret: (variable: string) => string | undefined,
  newAddress: boolean,
): Given {
  const open = new Map(Object.entries(flags).map(([name, value]) => [kebab(name), value]));
  const take = (id: string): unknown => {
    const value = open.get(id);
    open.delete(id);
    return value;
  };
  return {
    secret,
    newAddress,
    take(id) {
      const value = take(id);
      return typeof value === 'string' ? value : undefined;
    },
    takeList(id) {
      const value = take(id);
      return typeof value === 'string' ? listOf(value) : undefined;
    },
    takeFlag(id) {
      const value = take(id);
      return typeof value === 'boolean' ? value : undefined;
    },
  };
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
