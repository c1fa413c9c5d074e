// `npm run build`: compiles, and records the sources of the result, so that it is not built again.
import { build } from './build-if-needed.mjs';

build();
