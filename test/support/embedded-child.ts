import { connectEmbedded, startEmbedded } from '../../src/storage/embedded.ts';
import { quiet } from './quiet.ts';

/** Run as a process of its own: opens a data folder, says how that went, and stays until told to stop or killed. */
const [folder = '', role = 'service'] = process.argv.slice(2);

try {
  const server = await (role === 'service' ? startEmbedded : connectEmbedded)({ folder, log: quiet });
  process.send?.({ connection: server.connection, adopted: server.adopted });
  process.once('message', () => {
    void server.stop().then(() => process.disconnect?.());
  });
} catch (error) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  process.send?.({ code, message: error instanceof Error ? error.message : String(error) });
  process.disconnect?.();
}
