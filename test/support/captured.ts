/** What is written to standard error meanwhile. */
export function standardErrorOf(action: () => void): string {
  const written: string[] = [];
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation(chunk => written.push(String(chunk)) > 0);
  try {
    action();
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}
