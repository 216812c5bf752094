import { Layout } from './layout';

/** Flags of etcd: one member, reached by a socket, its data worth nothing after the run. */
export function etcdArguments(layout: Layout): string[] {
  return [
    `--data-dir=${layout.folder}/etcd`,
    `--listen-client-urls=unix://${layout.etcdSocket}`,
    // Nobody is to follow the advertised addresses, but etcd wants some.
    '--advertise-client-urls=http://127.0.0.1:0',
    '--listen-peer-urls=http://127.0.0.1:0',
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

/** Flags of kube-apiserver: what kubeadm sets, as far as a test can see it. */
export function apiServerArguments(layout: Layout): string[] {
  return [
    `--etcd-servers=unix://${layout.etcdSocket}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${layout.port}`,
    `--tls-cert-file=${layout.serving.certificate}`,
    `--tls-private-key-file=${layout.serving.key}`,
    `--client-ca-file=${layout.authorityCertificate}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${layout.serviceAccountKey}`,
    `--service-account-signing-key-file=${layout.serviceAccountKey}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged=true',
    // The endpoint of the Service `kubernetes` may not be a loopback address.
    '--endpoint-reconciler-type=none',
  ];
}

/** Flags of kube-controller-manager: all controllers but the one that would miss the kubelets. */
export function controllerManagerArguments(layout: Layout, kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--controllers=*,-node-lifecycle-controller',
    '--leader-elect=false',
    '--secure-port=0',
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${layout.serviceAccountKey}`,
    `--root-ca-file=${layout.authorityCertificate}`,
    // Each controller asks for its own token first; at the default rate that takes most of the start-up.
    '--kube-api-qps=200',
    '--kube-api-burst=400',
    // A claim that was looked at before its volume came is looked at again only then.
    '--pvclaimbinder-sync-period=2s',
  ];
}

/** Flags of kube-scheduler. */
export function schedulerArguments(kubeconfig: string): string[] {
  return [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'];
}
