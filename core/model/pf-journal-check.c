/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A journal compared with what else is known. Its checksums show a record that is damaged; they do not show that whole
 * records are missing at its end, or that all of it is from an earlier switch. */

#include "pf-board.h"
#include "pf-journal.h"

static gboolean
is_routed (const PfStep *step, const PfBoard *board)
{
  const PfRouter *router = pf_board_find_router (board, step->router);
  guint32 bits = step->from ^ step->to;

  return router != NULL && bits != 0 && ((pf_router_get_setting (router, step->setting) ^ step->to) & bits) == 0;
}

/* By the record of what is lent as well, so that what somebody else does meanwhile is not taken for ours. */
static gboolean
is_moved (const PfStep *step, const PfBoard *board)
{
  gboolean is_ours = pf_loans_find (board->loans, step->group) != NULL;

  if (step->of_others || step->lends != is_ours || step->moves->len == 0)
    return FALSE;
  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];
      const PfFunction *function = pf_board_find_function (board, move->address);

      if (function == NULL || function->driver == NULL || pf_function_is_lent (function) != step->lends)
        return FALSE;
    }
  return TRUE;
}

/**
 * pf_journal_mark_untold:
 * @journal: a journal that nobody carries on with
 * @board: the machine as it was just read, with what is on record as lent
 *
 * A step is on record as begun before anything is done. So where one is done and not on record, records are missing at
 * the end. It is taken for begun, so that recovery takes it back with those before it. What leads home is done from its
 * first step on anyway, whatever is on record.
 *
 * Returns: how many there are
 */
guint
pf_journal_mark_untold (PfJournal *journal, const PfBoard *board)
{
  guint count = 0;

  if (journal->ended || journal->kind != PF_JOURNAL_APPLY || g_str_equal (journal->plan->profile, PF_PROFILE_HOME))
    return 0;
  for (guint i = 0; i < journal->plan->steps->len; i++)
    {
      const PfStep *step = journal->plan->steps->pdata[i];

      if (journal->states[i] != PF_JOURNAL_STEP_AHEAD
          || !(step->kind == PF_STEP_ROUTE ? is_routed (step, board)
                                           : step->kind == PF_STEP_BIND && is_moved (step, board)))
        continue;
      journal->states[i] = PF_JOURNAL_STEP_BEGUN;
      count++;
    }
  return count;
}

static gboolean
is_same_profile (const char *a, const char *b)
{
  return g_strcmp0 (a != NULL ? a : PF_PROFILE_HOME, b != NULL ? b : PF_PROFILE_HOME) == 0;
}

/**
 * pf_journal_fits_profile:
 * @journal: a journal that nobody carries on with
 * @profile: (nullable): id of the profile that is on record as in force; NULL for home
 *
 * Until a switch is over, the profile on record is the one before it, or the one that it leads to.
 *
 * Returns: whether it can be the journal of the last switch; one that takes a switch back says too little of that
 */
gboolean
pf_journal_fits_profile (const PfJournal *journal, const char *profile)
{
  if (journal->ended || (journal->kind != PF_JOURNAL_APPLY && journal->kind != PF_JOURNAL_RETURN))
    return TRUE;
  return is_same_profile (profile, journal->before) || is_same_profile (profile, journal->plan->profile);
}
