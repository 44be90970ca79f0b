/**
 * Prints the speed of the dense kernels, both sets (kernel-speed.mjs).
 *
 *   node bench/kernels.mjs [--sizes 64,128,256] [--seconds 0.4]        after `npm run build`
 */
import { parseArgs } from "node:util";
import { measureKernels } from "./kernel-speed.mjs";
import { machineLines } from "./machine.mjs";
import { kernelsSection, plainText } from "./report.mjs";

const { values } = parseArgs({
  options: { sizes: { type: "string", default: "64,128,256,512,1024,2048" }, seconds: { type: "string", default: "0.4" } },
});
const rows = measureKernels(values.sizes.split(",").map(Number), Number(values.seconds));
process.stdout.write(plainText([kernelsSection(rows)], machineLines([], "")));
