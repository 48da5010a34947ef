/**
 * Ends this process when the launcher that started it is gone, however that went: at once and without any farewell, as
 * if the signal that killed the launcher had been meant for both. Without a launcher nothing happens.
 */
export function keepLeash(): void {
  // Its type does not say so, but it is undefined where there never was a channel.
  const { connected }: { readonly connected?: boolean } = process;
  if (connected === undefined) return;
  if (!connected) die();
  process.once('disconnect', die);
  // The channel alone is no reason to stay: a command that is done ends.
  process.channel?.unref();
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
