import { start } from './support/suite';

export default start;
