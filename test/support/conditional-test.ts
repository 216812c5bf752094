/** Defines a test, which is reported as skipped, and why, when there is a reason. */
export function testUnless(reason: string | undefined, name: string, body: jest.ProvidesCallback): void {
  if (reason === undefined) {
    test(name, body);
    return;
  }
  // the reporter counts skipped tests without naming them
  process.stderr.write(`skipped: ${name}: ${reason}\n`);
  test.skip(`${name} (skipped: ${reason})`, body);
}
