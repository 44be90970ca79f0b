/**
 * The order of levels: by Unicode code point, the same on every machine and in every locale.
 *
 * JavaScript's `<` compares UTF-16 code units, which puts characters beyond U+FFFF (two surrogates, U+D800..U+DFFF)
 * before U+E000..U+FFFF. Code-point order is the order of the UTF-8 bytes.
 */

/**
 * @returns negative, zero or positive, as `Array.prototype.sort` wants it
 * @example ["b", "a", "B"].sort(compareCodePoints) // => ["B", "a", "b"]
 */
export function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates move above the other code units, which keep their order.
    if (x >= 0xd800 && y >= 0xd800) {
      x = x >= 0xe000 ? x - 0x800 : x + 0x2000;
      y = y >= 0xe000 ? y - 0x800 : y + 0x2000;
    }
    return x - y;
  }
  return a.length - b.length;
}

/**
 * The order that sorts the texts: `texts[order[0]]` comes first.
 *
 * @example codePointOrder(["b", "a"]) // => Uint32Array [1, 0]
 */
export function codePointOrder(texts: readonly string[]): Uint32Array {
  const order = Uint32Array.from(texts, (_, i) => i);
  // Below the surrogates the engine's own comparison is code-point order, and faster.
  const plain = !texts.some((text) => /[\ud800-\uffff]/.test(text));
  if (plain) return order.sort((a, b) => (texts[a]! < texts[b]! ? -1 : texts[a]! > texts[b]! ? 1 : 0));
  return order.sort((a, b) => compareCodePoints(texts[a]!, texts[b]!));
}
