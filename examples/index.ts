// What `cdk8s synth` runs in this repository: every example, each an app of its own.
import './minimal';
import './cert-manager';
import './existing-secrets';
import './dynamic-volume';
import './existing-chart';
import './parts';
import './recipe';
