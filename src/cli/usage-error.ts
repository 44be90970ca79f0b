/** The command line was not understood, or asks for what is not in this version. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}
