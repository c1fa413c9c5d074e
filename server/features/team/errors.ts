// The errors of teams.
import { mostTeams } from '@recado/contract';
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const teamErrors = {
  team_not_found: {
    status: 404,
    title: 'Team not found.',
    remedy: 'List the teams with `GET /api/v1/teams`.',
  },
  team_taken: {
    status: 409,
    title: 'Another team has this name.',
    remedy: 'Choose another name. Case and accents make no difference.',
  },
  too_many_teams: {
    status: 409,
    title: `The workspace has ${mostTeams} teams.`,
    remedy: 'Delete one that nobody uses.',
  },
  assigned_to_person: {
    status: 409,
    title: 'A person has the conversation.',
    remedy: 'That person, or another one, gives it to a program. A key cannot take it.',
  },
} as const satisfies ErrorTable;

export const problem = problems(teamErrors);
