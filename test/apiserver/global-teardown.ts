import { stop } from './support/suite';

export default stop;
