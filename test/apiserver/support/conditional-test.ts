/** Defines an asynchronous test, which is reported as skipped, and why, when there is a reason. */
export function testUnless(reason: string | undefined, name: string, body: () => Promise<void>): void {
  if (reason) test.skip(`${name} (skipped: ${reason})`, body);
  else test(name, body);
}
