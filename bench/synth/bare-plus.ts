// The same ConfigMap by cdk8s-plus-27, which costs its loading.
import { App, Chart } from 'cdk8s';
import { ConfigMap } from 'cdk8s-plus-27';

const app = new App();
const chart = new Chart(app, 'bare');
new ConfigMap(chart, 'config', { metadata: { name: 'config' }, data: { key: 'value' } });
app.synth();
