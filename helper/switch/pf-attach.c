/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-attach.h"

#include "pf-holders.h"

/* PfHolderWatch sees at once what opens a node in the host's /dev. A machine of libvirt has a /dev of its
 * own, and a device that is plugged into it comes without a uevent: only a look tells. These are few, and end
 * with the wait. */
#define LOOK_MS 500

struct _PfAttach
{
  PfExecutor *executor;
  PfMachine *machine;
  const PfSwitchRun *run;
  gint64 deadline; /* CLOCK_REALTIME, us: for people */
  guint timeout_id;
  guint look_id;
  GSourceFunc on_taken;
  GSourceFunc on_deadline;
  gpointer user_data;
};

static const PfController *
find_waited (const PfSwitchRun *run, const PfBoard *board, guint i)
{
  const PfController *controller = pf_board_find_controller (board, run->attach[i]);

  return controller != NULL && controller->group != NULL && !controller->group->held ? controller : NULL;
}

/**
 * pf_attach_is_taken:
 * @run: a switch that waits for a virtual machine
 * @board: the machine, freshly read
 *
 * Returns: whether some process has the group of each controller that it waits for
 */
gboolean
pf_attach_is_taken (const PfSwitchRun *run, const PfBoard *board)
{
  for (guint i = 0; run->attach[i] != NULL; i++)
    if (find_waited (run, board, i) != NULL)
      return FALSE;
  return TRUE;
}

/**
 * pf_attach_describe_missing:
 * @run: a switch that waits for a virtual machine
 * @board: the machine, freshly read
 *
 * Returns: (transfer full): the controllers that nobody has taken, by name
 */
char *
pf_attach_describe_missing (const PfSwitchRun *run, const PfBoard *board)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; run->attach[i] != NULL; i++)
    {
      const PfController *controller = find_waited (run, board, i);
      g_autofree char *name = controller != NULL ? pf_function_describe (controller->function) : NULL;

      if (name != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Through /proc: asking the node itself would have QEMU refused that asks in the same moment. */
static gboolean
on_look (gpointer user_data)
{
  PfAttach *attach = user_data;
  const PfBoard *board = pf_machine_get_board (attach->machine);

  for (guint i = 0; attach->run->attach[i] != NULL; i++)
    {
      const PfController *controller = find_waited (attach->run, board, i);
      g_autofree char *holder = controller != NULL ? pf_holders_find (pf_machine_get_tree (attach->machine),
                                                                      controller->group->id)
                                                   : NULL;

      if (controller != NULL && holder == NULL)
        return G_SOURCE_CONTINUE;
    }
  attach->on_taken (attach->user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_timeout (gpointer user_data)
{
  PfAttach *attach = user_data;

  attach->timeout_id = 0;
  /* This frees it. */
  attach->on_deadline (attach->user_data);
  return G_SOURCE_REMOVE;
}

/**
 * pf_attach_new:
 * @executor: what waits at its gate
 * @machine: the machine; has to outlive it
 * @run: the switch; has to outlive it
 * @on_taken: called from the main loop when it is worth reading the machine
 * @on_deadline: called once, from the main loop, when the time is over
 * @user_data: for both
 *
 * Returns: (transfer full): waits from now on
 */
PfAttach *
pf_attach_new (PfExecutor *executor,
               PfMachine *machine,
               const PfSwitchRun *run,
               GSourceFunc on_taken,
               GSourceFunc on_deadline,
               gpointer user_data)
{
  PfAttach *attach = g_new0 (PfAttach, 1);

  attach->executor = g_object_ref (executor);
  attach->machine = machine;
  attach->run = run;
  attach->deadline = g_get_real_time () + (gint64) run->attach_seconds * G_USEC_PER_SEC;
  attach->on_taken = on_taken;
  attach->on_deadline = on_deadline;
  attach->user_data = user_data;
  attach->timeout_id = g_timeout_add_seconds (run->attach_seconds, on_timeout, attach);
  attach->look_id = g_timeout_add (LOOK_MS, on_look, attach);
  return attach;
}

/**
 * pf_attach_free:
 * @attach: (transfer full): no longer waited for
 */
void
pf_attach_free (PfAttach *attach)
{
  g_clear_handle_id (&attach->timeout_id, g_source_remove);
  g_clear_handle_id (&attach->look_id, g_source_remove);
  g_object_unref (attach->executor);
  g_free (attach);
}

/**
 * pf_attach_get_executor:
 * @attach: a switch that waits
 *
 * Returns: (transfer none): what waits at its gate
 */
PfExecutor *
pf_attach_get_executor (const PfAttach *attach)
{
  return attach->executor;
}

/**
 * pf_attach_get_deadline:
 * @attach: a switch that waits
 *
 * Returns: CLOCK_REALTIME in microseconds
 */
gint64
pf_attach_get_deadline (const PfAttach *attach)
{
  return attach->deadline;
}
