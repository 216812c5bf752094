/**
 * What every construct of this library accepts about the metadata of its object.
 *
 * The namespace is always that of the chart, which must have one.
 */
export interface CacheObjectProps {
  /**
   * The name of the object.
   *
   * @default - the construct's id; for a cluster-scoped object the namespace and the id, joined by '-'
   */
  readonly name?: string;

  /**
   * The cache that the object belongs to, the value of its label `app.kubernetes.io/instance`.
   *
   * Constructs of one cache find each other's pods by it, so give all of them the same.
   *
   * @default - the object's name without its namespace
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
   */
  readonly instance?: string;

  /**
   * Labels of the object, beside and above the `app.kubernetes.io` ones.
   *
   * @default - none but the `app.kubernetes.io` ones
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the object.
   *
   * @default - none but those that keep volumes, claims and Secrets from being pruned
   */
  readonly annotations?: { [key: string]: string };
}
