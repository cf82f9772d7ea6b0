/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Notes on the VM's side that survive a restart of the helper: whether a VM has taken a group, and whether a
 * group has to come home as soon as the VM releases it. */

#include "pf-loan-notes.h"

typedef struct
{
  const PfBoard *board;
  const GPtrArray *failed;
  gboolean takes_input;
} Context;

static gboolean
is_held (const PfLoan *loan, const PfBoard *board)
{
  const PfGroup *group = pf_board_find_group (board, loan->group);

  return group != NULL && group->held;
}

static gboolean
set_flag (gboolean *flag, gboolean value)
{
  if (*flag == value)
    return FALSE;
  *flag = value;
  return TRUE;
}

static gboolean
note_apply (PfLoans *loans, gpointer user_data)
{
  const Context *context = user_data;
  gboolean changed = context->takes_input && set_flag (&loans->input, TRUE);

  for (guint i = 0; i < loans->loans->len; i++)
    changed |= set_flag (&((PfLoan *) loans->loans->pdata[i])->wanted_home, FALSE);
  return changed;
}

/**
 * pf_loan_notes_apply:
 * @ledger: the ledger
 * @takes_input: a keyboard or pointer has left the host
 * @error: PF_ERROR_WRITE_FAILED
 *
 * A switch was carried out: what was wanted home before is forgotten.
 *
 * Returns: whether it is on record
 */
gboolean
pf_loan_notes_apply (PfLedger *ledger, gboolean takes_input, GError **error)
{
  return pf_ledger_change (ledger, note_apply, &(Context){ .takes_input = takes_input }, error);
}

static gboolean
note_return (PfLoans *loans, gpointer user_data)
{
  const Context *context = user_data;
  gboolean changed = FALSE;

  for (guint i = 0; i < loans->loans->len; i++)
    if (is_held (loans->loans->pdata[i], context->board))
      changed |= set_flag (&((PfLoan *) loans->loans->pdata[i])->wanted_home, TRUE);
  return changed;
}

/**
 * pf_loan_notes_return:
 * @ledger: the ledger
 * @board: the machine, read after everything that can has come home
 * @error: PF_ERROR_WRITE_FAILED
 *
 * What is still held comes home when the VM lets go.
 *
 * Returns: whether it is on record
 */
gboolean
pf_loan_notes_return (PfLedger *ledger, const PfBoard *board, GError **error)
{
  return pf_ledger_change (ledger, note_return, &(Context){ .board = board }, error);
}

static gboolean
note_failed (PfLoans *loans, gpointer user_data)
{
  const Context *context = user_data;
  gboolean changed = FALSE;

  for (guint i = 0; i < context->failed->len; i++)
    {
      const PfStep *step = context->failed->pdata[i];
      PfLoan *loan = step->kind == PF_STEP_BIND && !step->lends ? pf_loans_find (loans, step->group) : NULL;

      if (loan != NULL && is_held (loan, context->board))
        changed |= set_flag (&loan->wanted_home, TRUE);
    }
  return changed;
}

/**
 * pf_loan_notes_failed:
 * @ledger: what is lent
 * @board: the machine, read afterwards
 * @failed: (element-type PfStep): what could not be done
 * @error: PF_ERROR_WRITE_FAILED
 *
 * A switch was taken back, or failed. What should have come home then, and is held, comes home when it is let
 * go, whatever the profile in force says about the end of a VM: nobody has agreed to lend it.
 *
 * Returns: whether that is on record
 */
gboolean
pf_loan_notes_failed (PfLedger *ledger, const PfBoard *board, const GPtrArray *failed, GError **error)
{
  return pf_ledger_change (ledger, note_failed, &(Context){ .board = board, .failed = failed }, error);
}

static gboolean
note_look (PfLoans *loans, gpointer user_data)
{
  const Context *context = user_data;
  gboolean changed = FALSE;

  for (guint i = 0; i < loans->loans->len; i++)
    if (is_held (loans->loans->pdata[i], context->board))
      changed |= set_flag (&((PfLoan *) loans->loans->pdata[i])->taken, TRUE);
  return changed;
}

/**
 * pf_loan_notes_look:
 * @ledger: the ledger
 * @board: the machine as it was just read
 * @error: PF_ERROR_WRITE_FAILED
 *
 * Notes which groups a process has open.
 *
 * Returns: whether it is on record
 */
gboolean
pf_loan_notes_look (PfLedger *ledger, const PfBoard *board, GError **error)
{
  return pf_ledger_change (ledger, note_look, &(Context){ .board = board }, error);
}

static gboolean
note_clear (PfLoans *loans, gpointer user_data)
{
  const Context *context = user_data;
  gboolean changed = FALSE;

  for (guint i = 0; i < loans->loans->len; i++)
    {
      PfLoan *loan = loans->loans->pdata[i];

      if (is_held (loan, context->board))
        continue;
      changed |= set_flag (&loan->taken, FALSE);
      changed |= set_flag (&loan->wanted_home, FALSE);
    }
  return changed;
}

/**
 * pf_loan_notes_clear:
 * @ledger: the ledger
 * @board: the machine as it was just read
 * @error: PF_ERROR_WRITE_FAILED
 *
 * That the VM has let go is answered: once, whatever comes of it.
 *
 * Returns: whether it is on record
 */
gboolean
pf_loan_notes_clear (PfLedger *ledger, const PfBoard *board, GError **error)
{
  return pf_ledger_change (ledger, note_clear, &(Context){ .board = board }, error);
}

/**
 * pf_loans_are_wanted_home:
 * @loans: what is lent
 *
 * Returns: whether everything was called home, and a VM has not let go of a group yet
 */
gboolean
pf_loans_are_wanted_home (const PfLoans *loans)
{
  for (guint i = 0; i < loans->loans->len; i++)
    if (((const PfLoan *) loans->loans->pdata[i])->wanted_home)
      return TRUE;
  return FALSE;
}

/**
 * pf_loans_want_home:
 * @loans: what is lent
 * @board: the machine as it was just read
 *
 * Returns: whether a group that was wanted home is free now
 */
gboolean
pf_loans_want_home (const PfLoans *loans, const PfBoard *board)
{
  for (guint i = 0; i < loans->loans->len; i++)
    {
      const PfLoan *loan = loans->loans->pdata[i];

      if (loan->wanted_home && !is_held (loan, board))
        return TRUE;
    }
  return FALSE;
}

/**
 * pf_loans_vm_is_gone:
 * @loans: what is lent
 * @board: the machine as it was just read
 *
 * Returns: whether a VM has had what is lent, and now none has any of it
 */
gboolean
pf_loans_vm_is_gone (const PfLoans *loans, const PfBoard *board)
{
  gboolean taken = FALSE;

  for (guint i = 0; i < loans->loans->len; i++)
    {
      const PfLoan *loan = loans->loans->pdata[i];

      if (is_held (loan, board))
        return FALSE;
      taken |= loan->taken;
    }
  return taken;
}
