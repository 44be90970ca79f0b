/** Sizes of the slow suite, from the environment. */

/** @throws Error for what is not a whole number from `least` */
export function sizeOf(name: string, otherwise: number, least = 1): number {
  const given = process.env[name];
  if (given === undefined || given === "") return otherwise;
  const size = Number(given);
  if (!Number.isInteger(size) || size < least) throw new Error(`${name} must be a whole number from ${least}, and is "${given}"`);
  return size;
}
