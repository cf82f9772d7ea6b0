/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is not at home after the way home, and why. */

#include "pf-left.h"

#include <string.h>

#include "pf-error.h"

static void
left_free (PfLeft *left)
{
  g_free (left->address);
  g_free (left->name);
  g_free (left->message);
  g_free (left);
}

/* Routing that stayed where it is without an error: what is left is outside what can be written by now. */
static char *
explain_routing (const PfRouter *router, guint32 home)
{
  g_autofree char *name = pf_function_describe (router->controller->function);

  return g_strdup_printf (
      "The routing register of %s reads 0x%04x, and was 0x%04x at home. What is different belongs to "
      "an EHCI that is not there any more, and cannot be moved without it.",
      name, router->value, home);
}

/* Whether a router is set otherwise than at home: the first setting that is. */
static gboolean
find_setting_away (const PfController *controller,
                   const PfLoans *loans,
                   PfRouterSetting *setting,
                   guint32 *home)
{
  for (guint i = 0; controller->router != NULL && i < PF_N_ROUTER_SETTINGS; i++)
    if (pf_loans_get_home (loans, controller->function->address, i, home)
        && pf_router_get_setting (controller->router, i) != *home)
      {
        *setting = i;
        return TRUE;
      }
  return FALSE;
}

static char *
explain_setting (const PfRouter *router, PfRouterSetting setting, guint32 home)
{
  g_autofree char *name = pf_function_describe (router->controller->function);

  switch (setting)
    {
    case PF_SETTING_SUPER_SPEED:
      return g_strdup_printf (
          "USB3_PSSEN of %s reads 0x%04x, and was 0x%04x at home: SuperSpeed stays off where it was "
          "switched off.",
          name, router->super_speed_value, home);
    case PF_SETTING_POWER:
      return g_strdup_printf (
          "Runtime power management of %s is not as it was at home; it may use more power.", name);
    case PF_SETTING_ROUTING:
    default:
      return explain_routing (router, home);
    }
}

/* All is home, and what says that it is not cannot be replaced: on a full disk, say. */
static char *
explain_unwritten (const PfFunction *function, PfMachine *machine)
{
  g_autoptr (GError) error = pf_ledger_get_write_error (pf_machine_get_ledger (machine));

  if (error == NULL || pf_function_is_lent (function))
    return NULL;
  return g_strdup_printf (
      "%s is home, but that could not be recorded. %s. Make room there, and bring everything home "
      "once more.",
      function->name, error->message);
}

/* The first error is the reason for a group that is not home. For a router it is when it speaks of that. */
static char *
explain_left (PfMachine *machine, const PfController *controller, const PfLoans *loans, const GError *why)
{
  const PfFunction *function = controller->function;
  const PfGroup *group = controller->group;
  gboolean lent = pf_loans_find_by_member (loans, function->address) != NULL;
  g_autofree char *unwritten = explain_unwritten (function, machine);
  PfRouterSetting setting;
  guint32 home;

  if (unwritten != NULL && !find_setting_away (controller, loans, &setting, &home))
    return g_steal_pointer (&unwritten);
  if (group != NULL && group->held && group->holder != NULL)
    return g_strdup_printf ("%s is held by %s. It comes home by itself when that lets go of it.",
                            function->name, group->holder);
  if (group != NULL && group->held)
    return g_strdup_printf (
        "%s is held by a virtual machine. It comes home by itself when that lets go of it.", function->name);
  if (group != NULL && pf_group_find_stuck (group) != NULL)
    return pf_function_describe_stuck (pf_group_find_stuck (group));
  if (why != NULL && (lent || strstr (why->message, function->address) != NULL))
    return g_strdup (why->message);
  if (find_setting_away (controller, loans, &setting, &home))
    return explain_setting (controller->router, setting, home);
  return g_strdup ("It is not known why.");
}

/* On vfio by an override, as we put it there, and not by our record; but that cannot be relied upon. */
static gboolean
may_be_lost (PfMachine *machine, const PfFunction *function, const PfLoans *loans)
{
  const PfLenderDevice device = pf_function_get_lender_device (function);

  return !pf_ledger_is_sure (pf_machine_get_ledger (machine)) && pf_function_is_lent (function)
         && pf_loans_find_by_member (loans, function->address) == NULL
         && (pf_lender_find (pf_machine_get_board (machine)->lenders, &device) & PF_LENDER_OVERRIDE) != 0;
}

static char *
explain_lost (const PfFunction *function)
{
  return g_strdup_printf (
      "%s is lent, and the record of what Portferry has lent could not be read, or is not known to be "
      "whole. If Portferry has lent it: stop the VM, then: portferryctl take-home %s. To restart the "
      "computer undoes all lending, too.",
      function->name, function->address);
}

static gboolean
is_away (const PfController *controller, const PfLoans *loans)
{
  PfRouterSetting setting;
  guint32 home;

  return find_setting_away (controller, loans, &setting, &home)
         || pf_loans_find_by_member (loans, controller->function->address) != NULL;
}

/* Why a controller is not at home; NULL for one that is. What the kernel has not done yet, it may do at any
 * time. */
static char *
explain_if_left (PfMachine *machine, const PfController *controller, const PfLoans *loans, const GError *why)
{
  const PfFunction *function = controller->function;
  const char *overdue = pf_pending_find_overdue (pf_machine_get_pending (machine), function->address);

  if (is_away (controller, loans))
    return explain_left (machine, controller, loans, why);
  if (overdue != NULL)
    return g_strdup_printf (
        "The kernel still works on a write to %s for %s. What is left to do is done as soon as it "
        "answers.",
        overdue, function->name);
  if (may_be_lost (machine, function, loans))
    return explain_lost (function);
  return NULL;
}

/**
 * pf_left_list:
 * @machine: the machine, read after the way home, its ledger settled
 * @why: (nullable): what went wrong on the way
 *
 * Returns: (transfer full) (element-type PfLeft): each controller that is not at home
 */
GPtrArray *
pf_left_list (PfMachine *machine, const GError *why)
{
  const PfBoard *board = pf_machine_get_board (machine);
  g_autoptr (PfLoans) loans = pf_ledger_copy (pf_machine_get_ledger (machine));
  GPtrArray *left = g_ptr_array_new_with_free_func ((GDestroyNotify) left_free);

  for (guint i = 0; i < board->controllers->len; i++)
    {
      const PfController *controller = board->controllers->pdata[i];
      g_autofree char *message = explain_if_left (machine, controller, loans, why);
      PfLeft *item;

      if (message == NULL)
        continue;
      item = g_new0 (PfLeft, 1);
      item->address = g_strdup (controller->function->address);
      item->name = g_strdup (controller->function->name);
      item->message = g_steal_pointer (&message);
      g_ptr_array_add (left, item);
    }
  return left;
}

/**
 * pf_left_describe:
 * @left: (element-type PfLeft): what is not at home
 * @why: (nullable): what went wrong on the way
 *
 * Returns: (transfer full): the error for who has asked for a switch to home
 */
GError *
pf_left_describe (const GPtrArray *left, const GError *why)
{
  g_autoptr (GString) text = g_string_new ("Not everything could come home.");

  for (guint i = 0; i < left->len; i++)
    g_string_append_printf (text, " %s", ((const PfLeft *) left->pdata[i])->message);
  return g_error_new_literal (PF_ERROR, why != NULL ? why->code : PF_ERROR_HELD, text->str);
}

/**
 * pf_left_describe_lost:
 * @machine: the machine, freshly read
 *
 * Returns: (transfer full) (nullable): a problem that names what a damaged record may have lent; NULL where
 * no record was damaged since the machine was started, or nothing is away by it
 */
GError *
pf_left_describe_lost (PfMachine *machine)
{
  const PfBoard *board = pf_machine_get_board (machine);
  g_autoptr (PfLoans) loans = pf_ledger_copy (pf_machine_get_ledger (machine));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; pf_ledger_was_lost (pf_machine_get_ledger (machine)) && i < board->controllers->len; i++)
    {
      const PfFunction *function = ((const PfController *) board->controllers->pdata[i])->function;
      g_autofree char *message = may_be_lost (machine, function, loans) ? explain_lost (function) : NULL;

      if (message != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", message);
    }
  return text->len > 0 ? g_error_new_literal (PF_ERROR, PF_ERROR_FAILED, text->str) : NULL;
}
