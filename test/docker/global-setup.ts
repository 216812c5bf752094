import { busyboxImage, ensureImage } from '../harness/docker/images';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { dockerVersionsUnderTest } from '../harness/docker/versions';

declare global {
  /** The daemon that all test files share; handed from setup to teardown. */

  var outerDaemonOfSuite: OuterDaemon | undefined;
}

/** Starts the outer daemon once for all test files and makes what images are missing, which may take minutes the first time. */
export default async function globalSetup(): Promise<void> {
  const outer = await startOuterDaemon();
  globalThis.outerDaemonOfSuite = outer;
  await busyboxImage(outer.engine);
  for (const version of dockerVersionsUnderTest()) await ensureImage(outer.engine, version);
}
