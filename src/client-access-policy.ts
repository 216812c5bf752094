import { Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { CacheClient } from './cache-client';
import { CacheObjectProps } from './cache-object-props';
import { mainObject } from './private/api-object';
import { Component, selectorLabels } from './private/labels';
import { namespacedMetadata } from './private/metadata';
import { ensure, requireInteger } from './private/validation';

/**
 * Properties of the NetworkPolicy of the daemon.
 */
export interface ClientAccessPolicyProps extends CacheObjectProps {
  /**
   * Who may connect, beside the cache's own prune job; at least one.
   */
  readonly clients: CacheClient[];

  /**
   * The port of the daemon's pod.
   */
  readonly port: number;
}

/**
 * The NetworkPolicy that lets the clients and the prune job in to the daemon, and nobody else.
 *
 * It is the second line: TLS is the first. Not every cluster enforces policies, none sees pods on the host's network or the daemon's own containers.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class ClientAccessPolicy extends Construct {
  /**
   * The name of the NetworkPolicy.
   */
  public readonly name: string;

  private readonly clients: CacheClient[];

  constructor(scope: Construct, id: string, props: ClientAccessPolicyProps) {
    super(scope, id);
    ensure(props.clients.length > 0, 'clients', 'must not be empty', props.clients, "name who may connect, such as CacheClient.inNamespace('gitlab-runner')");
    requireInteger('port', props.port, 1, 65535);
    const metadata = namespacedMetadata(this, id, props);
    const instance = props.instance ?? metadata.name;
    this.name = metadata.name;
    this.clients = [...props.clients];
    mainObject(this, {
      ...k8s.KubeNetworkPolicy.GVK,
      metadata,
      spec: Lazy.any({ produce: () => k8s.KubeNetworkPolicy.manifest({ spec: this.spec(instance, props.port) }).spec }),
    });
  }

  /**
   * Lets another client in.
   */
  public allow(client: CacheClient): void {
    this.clients.push(client);
  }

  private spec(instance: string, port: number): k8s.NetworkPolicySpec {
    const prune = { podSelector: { matchLabels: selectorLabels(instance, Component.PRUNE) } };
    return {
      podSelector: { matchLabels: selectorLabels(instance, Component.DAEMON) },
      policyTypes: ['Ingress'],
      ingress: [{
        from: [...this.clients.map(client => client._toPeer()), prune],
        ports: [{ port: k8s.IntOrString.fromNumber(port), protocol: 'TCP' }],
      }],
    };
  }
}
