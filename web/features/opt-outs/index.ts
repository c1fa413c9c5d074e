// What other features use of opt-outs.
export { ContactOptOuts } from './contact/contact-opt-outs.tsx';
export { SuggestionBar } from './contact/suggestion-bar.tsx';
