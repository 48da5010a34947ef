import { fine, warning, type Check } from '../check.ts';

const mostSkewSeconds = 60;

/** Whether this machine's clock agrees with a vendor's; nothing where the vendor names no time. */
export function checkClock(id: string, vendor: string, aheadSeconds: number | null, cost: string): Check[] {
  if (aheadSeconds === null) return [];
  if (Math.abs(aheadSeconds) <= mostSkewSeconds) return [fine(id, `${vendor} and this machine agree on the time`)];
  const side = aheadSeconds > 0 ? 'ahead of' : 'behind';
  return [
    warning(
      id,
      `This machine's clock is ${Math.abs(aheadSeconds)} s ${side} that of ${vendor}: ${cost}`,
      'Let this machine set its clock by a time server, for instance with: timedatectl set-ntp true',
    ),
  ];
}
