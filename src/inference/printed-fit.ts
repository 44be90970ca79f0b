/**
 * A fit that shows its summary where a console or a notebook prints it.
 */
import type { MixedFit } from "./mixed-fit.js";
import { summary } from "./summary/summary.js";

/** @param fitMs milliseconds that the whole way to the fit took */
export function printedFit<Fit extends MixedFit>(fit: Fit, fitMs: number): Fit {
  const print = { value: (): string => summary(fit).text };
  return Object.freeze(
    Object.defineProperties(
      {},
      {
        ...Object.getOwnPropertyDescriptors(fit),
        timing: { value: { fitMs }, enumerable: true },
        toString: print,
        [Symbol.for("nodejs.util.inspect.custom")]: print,
      },
    ) as Fit,
  );
}
