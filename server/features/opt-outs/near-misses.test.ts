// Phrases that may mean an opt-out are found, with few false alarms, and no text takes long.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearMissIn } from './near-misses.ts';

test.each([
  'please stop sending me these',
  'STOPP',
  'Stoooop!!',
  'S T O P',
  's.t.o.p 🙏',
  '🛑',
  '🛑🛑',
  '⛔️',
  'CANCEL',
  'End.',
  'Se désabonner',
  'Please STOP!',
  'stop, please',
  'I don’t want to receive any more messages',
  "don't want your offers",
  'Unsubscribe me please',
  'Please remove me from this list',
  'no more spam!!',
  'How do I unsubscribe?',
  'não quero mais receber isso',
  'Nao quero mais mensagens',
  'Parem de me mandar propaganda',
  'me remova da lista, por favor',
  'quero sair',
  'no quiero recibir más mensajes',
  'Dejen de enviar publicidad',
  'no me escriban más',
  'quiero darme de baja',
  'je ne veux plus recevoir vos offres',
  "Arrêtez de m'envoyer des messages",
  'لا أريد استقبال رسائل',
  'توقفوا عن الإرسال',
  'إلغاء الاشتراك',
])('%s', text => {
  expect(nearMissIn(text)).toBeTypeOf('string');
});

test.each([
  'Stop by tomorrow?',
  'Where is the bus stop?',
  'I want to unsubscribe my son from the course, what do I have to do at the school?',
  'Thank you!',
  'The end of the month',
  'cancel my order',
  '👍',
  '🙂 🛑 is what the sign says',
  'a b c',
  'A sports top',
  'Can you send me the message again?',
  'No more questions, thanks',
  'Não quero o azul, quero o verde',
  'Pode parar aqui na rua?',
  'quero sair às 10h amanhã',
  'Quiero dos entradas',
  'Los zapatos de baja calidad',
  'أريد أن أشتري هذا',
  'ne voulez-vous pas ?',
  '',
])('not %s', text => {
  expect(nearMissIn(text)).toBeUndefined();
});

test('a long text is not looked at, and any text is looked at within its bounds', () => {
  expect(nearMissIn(`please stop sending ${'x'.repeat(200)}`)).toBeUndefined();
  const part = fc.constantFrom('stop ', 'please ', 'no ', 'more ', 'nao quero ', 'mais ', 'a', ' ', '\u0301', 'لا ');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), parts => {
      const found = nearMissIn(parts.join(''));
      expect(found === undefined || found.length <= 200).toBe(true);
    }),
  );
});
