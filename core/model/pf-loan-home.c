/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What has come home, by our doing or by somebody else's. */

#include "pf-board.h"

/* There, but not looked at: the members of a group are, as long as a controller is in it. */
static gboolean
is_beyond_view (const PfBoard *board, const char *address)
{
  return g_ptr_array_find_with_equal_func (board->others, address, g_str_equal, NULL);
}

static gboolean
is_member_home (const PfLoanMember *member, const PfBoard *board)
{
  const PfFunction *function = pf_board_find_function (board, member->address);

  if (function == NULL)
    return !is_beyond_view (board, member->address);
  if (pf_function_may_be_lent (function))
    return FALSE;
  /* An override that was not there before, and is not what somebody else bound it by, is what we left on the
   * way. */
  if (function->driver_override != NULL
      && g_strcmp0 (function->driver_override, member->driver_override) != 0)
    return g_strcmp0 (function->driver_override, function->driver) == 0
           && g_strcmp0 (function->driver_override, member->driver) != 0;
  /* Without the driver it had, somebody stopped half-way: there is still something to bring home. */
  return function->driver != NULL || member->driver == NULL;
}

static gboolean
is_loan_home (const PfLoan *loan, const PfBoard *board)
{
  for (guint i = 0; i < loan->members->len; i++)
    if (!is_member_home (loan->members->pdata[i], board))
      return FALSE;
  return TRUE;
}

/**
 * pf_loans_drop_home:
 * @loans: what is lent, as recorded
 * @board: the machine as it was just read
 *
 * Forgets the groups that are at home. Not only we bring them there: libvirt does so when a VM stops
 * (managed='yes').
 *
 * Returns: whether there were any
 */
gboolean
pf_loans_drop_home (PfLoans *loans, const PfBoard *board)
{
  gboolean any = FALSE;

  for (guint i = loans->loans->len; i-- > 0;)
    if (is_loan_home (loans->loans->pdata[i], board))
      {
        g_ptr_array_remove_index (loans->loans, i);
        any = TRUE;
      }
  return any;
}
