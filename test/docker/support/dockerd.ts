import { run } from '../../harness/docker/command';
import { OuterDaemon } from '../../harness/docker/outer-daemon';
import { PlayedPod } from '../../harness/docker/played-pod';

/** Sends a signal to the dockerd of a pod from outside of its container, where no process is shielded from it. */
export async function signalDockerd({ engine }: OuterDaemon, pod: PlayedPod, signal: NodeJS.Signals): Promise<void> {
  const { State: { Pid } } = await engine.inspect(pod.container().id);
  const found = await run('pgrep', ['--ns', String(Pid), '--nslist', 'pid', '-x', 'dockerd']);
  process.kill(Number(found), signal);
}
