/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-switch-run.h"

#include <sys/random.h>

#include "pf-error.h"
#include "pf-node.h"
#include "pf-objection.h"
#include "pf-take-home.h"
#include "pf-trial.h"

#define TRANSACTION_BYTES 16

/* Whoever knows a transaction's name may end it, so it is no counter. */
static char *
create_transaction (void)
{
  guint8 bytes[TRANSACTION_BYTES];
  GString *text = g_string_new (NULL);

  if (getrandom (bytes, sizeof bytes, 0) != sizeof bytes)
    g_error ("The kernel gives no random numbers.");
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

static PfSwitchRun *
create_run (PfMachine *machine, PfSwitchKind kind, const char *target, const char *origin, PfPlan *plan)
{
  PfSwitchRun *run = g_new0 (PfSwitchRun, 1);
  PfLedger *ledger = pf_machine_get_ledger (machine);

  run->kind = kind;
  run->transaction = create_transaction ();
  run->target = g_strdup (target);
  run->origin = g_strdup (origin);
  run->plan = plan;
  run->changes = pf_changes_compute (pf_machine_get_board (machine), plan);
  run->profile_before = pf_ledger_get_profile (ledger);
  run->previous_before = pf_ledger_get_previous (ledger);
  return run;
}

/* Checks that the kernel has answered all requests for the functions of @step and for the rest of their
 * group. */
static gboolean
check_step_answered (PfMachine *machine, const PfStep *step, GError **error)
{
  PfPending *pending = pf_machine_get_pending (machine);
  const PfGroup *group;

  if (step->kind == PF_STEP_ROUTE)
    return pf_pending_check (pending, step->router, error);
  group = pf_board_find_group (pf_machine_get_board (machine), step->group);
  for (guint i = 0; group != NULL && i < group->members->len; i++)
    if (!pf_pending_check (pending, ((const PfFunction *) group->members->pdata[i])->address, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_answered (PfMachine *machine, const PfPlan *plan, GError **error)
{
  for (guint i = 0; i < plan->steps->len; i++)
    if (!check_step_answered (machine, plan->steps->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* Whether the switch goes back by itself: see pf_confirm_find_seconds(). */
static void
find_confirmation (PfSwitchRun *run, PfMachine *machine, const PfSwitchRequest *request)
{
  const PfBoard *board = pf_machine_get_board (machine);
  gboolean overrides = request->override != NULL && request->override[0] != NULL;
  gboolean trusted;

  run->text = pf_trust_fingerprint_profile (request->profile);
  run->board = pf_trust_fingerprint_board (board, request->profile);
  run->takes_input = pf_changes_take_input (run->changes);
  trusted = pf_confirmed_has (pf_machine_get_confirmed (machine), run->target, run->text, run->board);
  run->confirm_seconds = pf_confirm_find_seconds (request->profile, request->confirm_seconds, overrides,
                                                  run->takes_input, trusted);
}

/* Behind the last step that is about a group, for ports go to the guest after those. */
static guint
find_attach_position (const PfPlan *plan)
{
  guint position = plan->steps->len;

  while (position > 0 && ((const PfStep *) plan->steps->pdata[position - 1])->kind == PF_STEP_ROUTE)
    position--;
  return position;
}

/* Whether the switch waits for a virtual machine, and for what: whatever the profile lends to it. */
static void
find_attach (PfSwitchRun *run, const PfBoard *board, const PfSwitchRequest *request)
{
  const PfProfile *profile = request->profile;
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();

  if (request->attach_seconds == 0 || !pf_profile_names_vm (profile) || profile->controllers->len == 0)
    return;
  for (guint i = 0; i < profile->controllers->len; i++)
    {
      const PfController *controller
          = pf_device_key_resolve (profile->controllers->pdata[i], profile, board, NULL);

      if (controller != NULL)
        g_strv_builder_add (addresses, controller->function->address);
    }
  run->attach = g_strv_builder_end (addresses);
  run->attach_at = find_attach_position (run->plan);
  run->attach_seconds = request->attach_seconds;
}

/**
 * pf_switch_run_new_apply:
 * @machine: the machine, freshly read
 * @request: what is wanted
 * @error: what pf_plan_compute(), pf_objections_check(), pf_node_resolve() or pf_machine_check_writable()
 * says
 *
 * Returns: (transfer full): a switch against which nothing speaks, or NULL
 */
PfSwitchRun *
pf_switch_run_new_apply (PfMachine *machine, const PfSwitchRequest *request, GError **error)
{
  const PfBoard *board = pf_machine_get_board (machine);
  g_autoptr (PfPlan) plan = NULL;
  g_autoptr (GPtrArray) objections = NULL;
  PfSwitchRun *run;
  PfNode node;

  if (!pf_node_resolve (request->profile, request->caller, &node, error))
    return NULL;
  plan = pf_plan_compute (board, request->profile, &node, error);
  if (plan == NULL || !check_answered (machine, plan, error))
    return NULL;
  pf_machine_look_closer (machine, plan);
  objections = pf_objections_compute (board, plan, request->profile);
  if ((!pf_plan_is_empty (plan) && !pf_machine_check_writable (machine, error))
      || !pf_objections_check (objections, request->override, error))
    return NULL;
  run = create_run (machine, PF_SWITCH_APPLY, request->profile->id, request->origin, g_steal_pointer (&plan));
  find_confirmation (run, machine, request);
  find_attach (run, board, request);
  return run;
}

/* The plan says what is in the port. Only then can the helper look for who has that open. */
static PfPlan *
compute_trial (PfMachine *machine, const PfRouter *router, guint bit, GError **error)
{
  const PfBoard *board = pf_machine_get_board (machine);
  g_autoptr (PfPlan) plan = pf_trial_compute (board, router, bit, error);

  if (plan == NULL)
    return NULL;
  pf_machine_look_closer (machine, plan);
  return pf_trial_compute (board, router, bit, error);
}

/**
 * pf_switch_run_new_trial:
 * @machine: the machine, freshly read
 * @router: address of a router
 * @bit: of one of its ports
 * @error: what pf_trial_compute() or pf_machine_check_writable() says
 *
 * Returns: (transfer full): takes the port to its other side, and goes back by itself; or NULL
 */
PfSwitchRun *
pf_switch_run_new_trial (PfMachine *machine, const char *router, guint bit, GError **error)
{
  const PfBoard *board = pf_machine_get_board (machine);
  const PfController *xhci = pf_board_require_controller (board, router, error);
  g_autoptr (PfPlan) plan = NULL;
  PfSwitchRun *run;

  if (xhci == NULL)
    return NULL;
  if (xhci->router == NULL)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_NO_ROUTING_REGISTER, "The controller %s is no router any more.",
                   router);
      return NULL;
    }
  plan = compute_trial (machine, xhci->router, bit, error);
  if (plan == NULL || !check_answered (machine, plan, error) || !pf_machine_check_writable (machine, error))
    return NULL;
  run = create_run (machine, PF_SWITCH_APPLY, PF_TRIAL_PROFILE, PF_ORIGIN_GUARD, g_steal_pointer (&plan));
  run->confirm_seconds = PF_TRIAL_SECONDS;
  run->is_trial = TRUE;
  return run;
}

/**
 * pf_switch_run_new_take_home:
 * @machine: the machine, freshly read
 * @address: of a controller
 * @profile: id of the profile in force
 * @origin: who asked
 * @error: what pf_take_home_compute() or pf_machine_check_writable() says
 *
 * Returns: (transfer full): takes home what others have lent of the controller's group; or NULL
 */
PfSwitchRun *
pf_switch_run_new_take_home (
    PfMachine *machine, const char *address, const char *profile, const char *origin, GError **error)
{
  const PfBoard *board = pf_machine_get_board (machine);
  const PfController *controller = pf_board_require_controller (board, address, error);
  g_autoptr (PfPlan) plan = controller != NULL ? pf_take_home_compute (board, controller, error) : NULL;

  if (plan == NULL || !check_answered (machine, plan, error) || !pf_machine_check_writable (machine, error))
    return NULL;
  return create_run (machine, PF_SWITCH_TAKE_HOME, profile, origin, g_steal_pointer (&plan));
}

/* What a VM holds, or somebody unbinds already, is not touched: the kernel would not let go of it, and hang.
 */
static void
drop_held_steps (PfPlan *plan, PfMachine *machine)
{
  const PfBoard *board = pf_machine_get_board (machine);

  for (guint i = plan->steps->len; i-- > 0;)
    {
      const PfStep *step = plan->steps->pdata[i];
      const PfGroup *group = step->kind == PF_STEP_BIND ? pf_board_find_group (board, step->group) : NULL;

      if ((group != NULL && (group->held || pf_group_find_stuck (group) != NULL))
          || !check_step_answered (machine, step, NULL))
        g_ptr_array_remove_index (plan->steps, i);
    }
}

/**
 * pf_switch_run_new_return_all:
 * @machine: the machine, freshly read
 * @origin: who asked
 * @error: what pf_plan_compute() says
 *
 * Returns: (transfer full): brings home what can come, or NULL
 */
PfSwitchRun *
pf_switch_run_new_return_all (PfMachine *machine, const char *origin, GError **error)
{
  const PfBoard *board = pf_machine_get_board (machine);
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  PfNode node = PF_NODE_DEFAULT;
  PfPlan *plan = pf_plan_compute (board, home, &node, error);

  if (plan == NULL)
    return NULL;
  drop_held_steps (plan, machine);
  return create_run (machine, PF_SWITCH_RETURN_ALL, PF_PROFILE_HOME, origin, plan);
}

/**
 * pf_switch_run_new_home:
 * @machine: the machine, freshly read
 * @request: a switch to the home profile
 * @error: what pf_plan_compute(), pf_objections_check() or pf_machine_check_writable() says
 *
 * The way home as a switch that somebody may object to: a stick of the host that would be unplugged is still
 * a reason to refuse it. What a VM holds is none.
 *
 * Returns: (transfer full): brings home what can come, or NULL
 */
PfSwitchRun *
pf_switch_run_new_home (PfMachine *machine, const PfSwitchRequest *request, GError **error)
{
  g_autoptr (PfSwitchRun) run = pf_switch_run_new_return_all (machine, request->origin, error);
  g_autoptr (GPtrArray) objections = NULL;

  if (run == NULL)
    return NULL;
  pf_machine_look_closer (machine, run->plan);
  objections = pf_objections_compute (pf_machine_get_board (machine), run->plan, request->profile);
  if ((!pf_plan_is_empty (run->plan) && !pf_machine_check_writable (machine, error))
      || !pf_objections_check (objections, request->override, error))
    return NULL;
  return g_steal_pointer (&run);
}

/**
 * pf_switch_run_new_revert:
 * @machine: the machine, freshly read
 * @run: a switch that was carried out
 * @origin: who asked
 *
 * Returns: (transfer full): takes @run back
 */
PfSwitchRun *
pf_switch_run_new_revert (PfMachine *machine, const PfSwitchRun *run, const char *origin)
{
  const char *target = run->profile_before != NULL ? run->profile_before : PF_PROFILE_HOME;
  PfSwitchRun *revert = create_run (machine, PF_SWITCH_REVERT, target, origin, pf_plan_invert (run->plan));

  g_free (revert->transaction);
  revert->transaction = g_strdup (run->transaction);
  g_free (revert->profile_before);
  revert->profile_before = g_strdup (run->profile_before);
  g_free (revert->previous_before);
  revert->previous_before = g_strdup (run->previous_before);
  revert->is_trial = run->is_trial;
  return revert;
}

/**
 * pf_switch_run_new_restore:
 * @machine: the machine, freshly read
 * @profile: id of the profile in force
 * @plan: (transfer full): what to do
 *
 * Returns: (transfer full): puts right what somebody else has changed
 */
PfSwitchRun *
pf_switch_run_new_restore (PfMachine *machine, const char *profile, PfPlan *plan)
{
  return create_run (machine, PF_SWITCH_RESTORE, profile, PF_ORIGIN_GUARD, plan);
}

/**
 * pf_switch_run_new_recover:
 * @machine: the machine
 * @plan: what was left to do
 *
 * Returns: (transfer full): does it
 */
PfSwitchRun *
pf_switch_run_new_recover (PfMachine *machine, const PfPlan *plan)
{
  return create_run (machine, PF_SWITCH_RECOVER, plan->profile, PF_ORIGIN_GUARD, pf_plan_copy (plan));
}

/**
 * pf_switch_run_free:
 * @run: (transfer full): a switch
 */
void
pf_switch_run_free (PfSwitchRun *run)
{
  g_free (run->transaction);
  g_free (run->target);
  g_free (run->origin);
  g_free (run->text);
  g_free (run->board);
  g_strfreev (run->attach);
  pf_plan_free (run->plan);
  g_ptr_array_unref (run->changes);
  g_free (run->profile_before);
  g_free (run->previous_before);
  g_free (run);
}

/**
 * pf_switch_run_does_nothing:
 * @run: a switch
 *
 * Returns: whether there is nothing to do, and nothing to wait for
 */
gboolean
pf_switch_run_does_nothing (const PfSwitchRun *run)
{
  return pf_plan_is_empty (run->plan) && run->attach == NULL;
}

/**
 * pf_switch_run_keeps_going:
 * @run: a switch
 *
 * The way home is not all-or-nothing: one thing that cannot come must not keep the keyboard away.
 *
 * Returns: whether a step that fails leaves the others in force
 */
gboolean
pf_switch_run_keeps_going (const PfSwitchRun *run)
{
  return run->kind != PF_SWITCH_APPLY && run->kind != PF_SWITCH_TAKE_HOME;
}

/**
 * pf_switch_run_describe_failure:
 * @machine: the machine, read after the failure
 * @failed: (element-type PfStep): what the kernel refused
 * @error: why
 *
 * Returns: (transfer full): what could not be put right, by name
 */
GError *
pf_switch_run_describe_failure (PfMachine *machine, const GPtrArray *failed, const GError *error)
{
  const PfBoard *board = pf_machine_get_board (machine);
  g_autoptr (GString) text = g_string_new ("This could not be put right:");

  if (failed->len == 0)
    return g_error_copy (error);
  for (guint i = 0; i < failed->len; i++)
    {
      const PfStep *step = failed->pdata[i];
      const PfGroup *group = step->kind == PF_STEP_ROUTE ? NULL : pf_board_find_group (board, step->group);
      g_autofree char *words = pf_step_describe (step, board);

      if (group != NULL && group->held && group->holder != NULL)
        g_string_append_printf (text, " %s (held by %s).", words, group->holder);
      else
        g_string_append_printf (text, " %s.", words);
    }
  g_string_append_printf (text, " %s", error->message);
  return g_error_new_literal (error->domain, error->code, text->str);
}
