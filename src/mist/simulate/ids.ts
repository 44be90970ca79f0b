/**
 * Identifiers: a letter, the district's number, and a number within the district (and cycle). They never depend on the scale.
 */

/** "T3-017": unit 17 of district 3. */
export function unitId(prefix: string, district: number, unit: number, width: number): string {
  return `${prefix}${district}-${String(unit).padStart(width, "0")}`;
}

/** "G3-4-017": unit 17 of district 3 in cycle 4. */
export function cycleUnitId(prefix: string, district: number, cycle: number, unit: number, width: number): string {
  return `${prefix}${district}-${cycle}-${String(unit).padStart(width, "0")}`;
}
