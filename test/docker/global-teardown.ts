import './global-setup';

/** Lets the outer daemon go; it stops when nobody else uses it. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.outerDaemonOfSuite?.release();
}
