/**
 * Results as records that nobody can change.
 */

/** The visible part frozen; the hidden part is reachable but is not printed, copied or saved. */
export function withHidden<Visible extends object, Hidden extends object>(visible: Visible, hidden: Hidden): Visible & Hidden {
  for (const key of Object.keys(hidden) as (keyof Hidden)[]) {
    Object.defineProperty(visible, key, { value: hidden[key], enumerable: false });
  }
  return frozen(visible) as Visible & Hidden;
}

/** Records and lists cannot be changed, all the way down; typed arrays cannot be frozen and are left by agreement. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  if (Array.isArray(value) && typeof value[0] !== "object") return Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
