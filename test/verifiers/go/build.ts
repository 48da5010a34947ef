import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** How a program that checks something ended, and what it said. */
export interface Judgement {
  readonly holds: boolean;
  readonly said: string;
}

/** Runs a program of `buildGo`, while the service in this process goes on answering. */
export type GoProgram = (...args: string[]) => Promise<Judgement>;

// Where Debian's golang-golang-x-mod-dev puts Go's libraries. No module is fetched, and no C compiler is needed.
const surroundings = { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '', CGO_ENABLED: '0' };

/** Compiles a Go program into a folder, which also keeps what the compiler caches. */
export async function buildGo(source: string, folder: string): Promise<GoProgram> {
  const built = join(folder, 'program');
  const env = { ...process.env, ...surroundings, GOCACHE: join(folder, 'cache') };
  const compiler = await run('go', ['build', '-o', built, source], env).catch((cause: unknown) => {
    throw new Error(advice, { cause });
  });
  if (compiler.said.includes('cannot find package')) throw new Error(advice, { cause: compiler.said });
  if (compiler.code !== 0) throw new Error(`${source} cannot be compiled: ${compiler.said}`);

  return async (...args) => {
    const { code, said } = await run(built, args, env);
    if (code === 0 || code === 1) return { holds: code === 0, said };
    throw new Error(`${source} ended with ${code}: ${said}`);
  };
}

const advice = 'Go has to be installed, with its module libraries: apt-get install golang-go golang-golang-x-mod-dev';

function run(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<{ code: number; said: string }> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, timeout: 110_000 }, (error, out, err) => {
      const code = error === null ? 0 : error.code;
      // A code that is no number says that there was nothing to run, or that it was stopped.
      if (typeof code === 'number') resolve({ code, said: `${out}${err}` });
      else reject(error!);
    });
  });
}
