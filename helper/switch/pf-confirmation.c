/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-confirmation.h"

struct _PfConfirmation
{
  PfSwitchRun *run;
  gint64 deadline;           /* CLOCK_REALTIME, us: for people */
  gint64 deadline_monotonic; /* the one that counts: nobody's correction of the clock makes it longer */
  guint timeout_id;
  GSourceFunc on_deadline;
  gpointer user_data;
};

/**
 * pf_confirmation_new:
 * @run: (transfer full): a switch with a deadline
 * @on_deadline: called once, from the main loop, when the time is over
 * @user_data: for @on_deadline
 *
 * Returns: (transfer full): waits from now on for as long as @run says
 */
PfConfirmation *
pf_confirmation_new (PfSwitchRun *run, GSourceFunc on_deadline, gpointer user_data)
{
  PfConfirmation *confirmation = g_new0 (PfConfirmation, 1);
  gint64 wait = (gint64) run->confirm_seconds * G_USEC_PER_SEC;

  confirmation->run = run;
  confirmation->deadline = g_get_real_time () + wait;
  confirmation->deadline_monotonic = g_get_monotonic_time () + wait;
  confirmation->on_deadline = on_deadline;
  confirmation->user_data = user_data;
  pf_confirmation_resume (confirmation);
  return confirmation;
}

/**
 * pf_confirmation_free:
 * @confirmation: (transfer full): no longer waited for
 */
void
pf_confirmation_free (PfConfirmation *confirmation)
{
  pf_confirmation_pause (confirmation);
  pf_switch_run_free (confirmation->run);
  g_free (confirmation);
}

/**
 * pf_confirmation_pause:
 * @confirmation: a confirmation
 *
 * Holds the deadline back while something else is tried that may end it.
 */
void
pf_confirmation_pause (PfConfirmation *confirmation)
{
  g_clear_handle_id (&confirmation->timeout_id, g_source_remove);
}

static gboolean
on_timeout (gpointer user_data)
{
  PfConfirmation *confirmation = user_data;

  confirmation->timeout_id = 0;
  /* This may free the confirmation. */
  confirmation->on_deadline (confirmation->user_data);
  return G_SOURCE_REMOVE;
}

/**
 * pf_confirmation_resume:
 * @confirmation: a confirmation
 *
 * Waits on. A deadline that has passed meanwhile is answered as soon as the main loop runs.
 */
void
pf_confirmation_resume (PfConfirmation *confirmation)
{
  gint64 wait = confirmation->deadline_monotonic - g_get_monotonic_time ();

  if (confirmation->timeout_id == 0)
    confirmation->timeout_id = g_timeout_add ((guint) (MAX (wait, 0) / 1000), on_timeout, confirmation);
}

/**
 * pf_confirmation_expire:
 * @confirmation: a confirmation
 *
 * Moves the deadline to now.
 */
void
pf_confirmation_expire (PfConfirmation *confirmation)
{
  confirmation->deadline_monotonic = 0;
  if (confirmation->timeout_id == 0)
    return;
  pf_confirmation_pause (confirmation);
  pf_confirmation_resume (confirmation);
}

/**
 * pf_confirmation_get_run:
 * @confirmation: a confirmation
 *
 * Returns: (transfer none): what waits for it
 */
const PfSwitchRun *
pf_confirmation_get_run (const PfConfirmation *confirmation)
{
  return confirmation->run;
}

/**
 * pf_confirmation_get_deadline:
 * @confirmation: a confirmation
 *
 * Returns: CLOCK_REALTIME in microseconds
 */
gint64
pf_confirmation_get_deadline (const PfConfirmation *confirmation)
{
  return confirmation->deadline;
}
