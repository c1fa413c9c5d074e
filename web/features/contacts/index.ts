// What other features use of contacts.
export { ContactPicker } from './picker.tsx';
