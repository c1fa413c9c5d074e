// The parts of opt-outs that other features use.
export { ContactOptOuts } from './contact/contact-opt-outs.tsx';
export { SuggestionBar } from './contact/suggestion-bar.tsx';
