/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the switcher waits, in the middle of a switch, for a virtual machine to take what was lent. We cannot
 * plug anything into a machine, and must not: whoever may talk to it does, as himself. What was done so far
 * is in the journal, so that whatever ends the wait, the end of the helper included, takes it back. */

#include "pf-error.h"
#include "pf-switcher-private.h"

/* Ends the wait. Takes @error: why the switch is taken back; NULL to go on. */
static void
end_wait (PfSwitcher *switcher, GError *error)
{
  g_autoptr (PfAttach) attach = g_steal_pointer (&switcher->attach);

  g_clear_handle_id (&switcher->attach_look_id, g_source_remove);
  pf_switcher_emit_changed (switcher);
  pf_executor_open_gate (pf_attach_get_executor (attach), error);
}

static gboolean
on_deadline (gpointer user_data)
{
  PfSwitcher *switcher = user_data;
  const PfSwitchRun *run = switcher->run;
  g_autofree char *missing = NULL;
  GError *error = NULL;

  if (!pf_machine_scan (switcher->machine, &error))
    {
      end_wait (switcher, error);
      return G_SOURCE_REMOVE;
    }
  if (!pf_attach_is_taken (run, pf_machine_get_board (switcher->machine)))
    {
      missing = pf_attach_describe_missing (run, pf_machine_get_board (switcher->machine));
      error = g_error_new (
          PF_ERROR, PF_ERROR_TIMED_OUT,
          "No virtual machine has taken %s within %u seconds. Is the one that the profile names running, "
          "and does somebody run the Portferry applet, or “portferryctl attend”, who may talk to it?",
          missing, run->attach_seconds);
    }
  end_wait (switcher, error);
  return G_SOURCE_REMOVE;
}

static gboolean
on_taken (gpointer user_data)
{
  PfSwitcher *switcher = user_data;
  g_autoptr (GError) error = NULL;

  if (!pf_switcher_refresh (switcher, &error))
    g_warning ("The machine cannot be read: %s", error->message);
  return G_SOURCE_REMOVE;
}

/* From the main loop: the switcher is in the middle of something when it is told that something has changed.
 */
static gboolean
on_look (gpointer user_data)
{
  PfSwitcher *switcher = user_data;

  switcher->attach_look_id = 0;
  if (switcher->attach != NULL
      && pf_attach_is_taken (switcher->run, pf_machine_get_board (switcher->machine)))
    end_wait (switcher, NULL);
  return G_SOURCE_REMOVE;
}

/* What the plan has lent by now is on the board only after a look. */
static void
on_gate (PfExecutor *executor, gpointer user_data)
{
  PfSwitcher *switcher = user_data;
  const PfSwitchRun *run = switcher->run;
  GError *error = NULL;

  if (!pf_machine_scan (switcher->machine, &error)
      || pf_attach_is_taken (run, pf_machine_get_board (switcher->machine)))
    {
      pf_executor_open_gate (executor, error);
      return;
    }
  switcher->attach = pf_attach_new (executor, switcher->machine, run, on_taken, on_deadline, switcher);
  pf_switcher_emit_changed (switcher);
  g_signal_emit_by_name (switcher, "attach-wanted", run->attach, run->target);
  if (switcher->shutting_down)
    pf_switcher_give_attach_up (switcher, "Portferry is being stopped.");
  else if (!g_queue_is_empty (&switcher->returns))
    pf_switcher_give_attach_up (switcher, "Everything was called home meanwhile.");
}

/**
 * pf_switcher_prepare_attach:
 * @switcher: a switcher that begins its run
 * @executor: what is going to carry it out
 */
void
pf_switcher_prepare_attach (PfSwitcher *switcher, PfExecutor *executor)
{
  if (switcher->run->attach != NULL)
    pf_executor_set_gate (executor, switcher->run->attach_at, on_gate, switcher);
}

/**
 * pf_switcher_look_for_attach:
 * @switcher: a switcher whose machine was just read
 *
 * Where a switch waits, it is looked soon whether it can go on.
 */
void
pf_switcher_look_for_attach (PfSwitcher *switcher)
{
  if (switcher->attach != NULL && switcher->attach_look_id == 0)
    switcher->attach_look_id = g_idle_add (on_look, switcher);
}

/**
 * pf_switcher_give_attach_up:
 * @switcher: a switcher
 * @why: what came between
 *
 * A switch that waits for a virtual machine is taken back.
 */
void
pf_switcher_give_attach_up (PfSwitcher *switcher, const char *why)
{
  if (switcher->attach != NULL)
    end_wait (switcher, g_error_new_literal (PF_ERROR, PF_ERROR_BUSY, why));
}
