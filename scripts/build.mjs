// `npm run build`: compiles, and notes of which sources the result is, so that nobody builds it again.
import { build } from './build-if-needed.mjs';

build();
